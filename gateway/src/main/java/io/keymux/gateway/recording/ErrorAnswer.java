package io.keymux.gateway.recording;

import io.keymux.gateway.token.AnswerFacts;
import io.keymux.gateway.token.AnswerReader;

/** Reads what a provider's error answer says. */
final class ErrorAnswer {

	private ErrorAnswer() {
	}

	static AnswerFacts read(byte[] body) {
		try (AnswerReader reader = AnswerReader.of("application/json", "")) {
			reader.read(body, 0, body.length);
			return reader.facts();
		}
	}

}
