package io.keymux.gateway.token;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TokenEstimatorTests {

	private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";

	/** What OpenAI's tokenizer makes of the sentence, with the space behind it. */
	private static final int TOKENS = 10;

	private final TokenEstimator estimator = new TokenEstimator();

	@Test
	void countsThePromptsOfAllProviders() {
		String text = SENTENCE.repeat(20);
		for (String request : new String[] { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}",
				"{\"model\":\"m\",\"system\":\"\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}]}",
				"{\"contents\":[{\"parts\":[{\"text\":\"%s\"},{\"inlineData\":{\"data\":\"AAAAAAAAAAAAAAAAAAAA\"}}]}]}",
				"{\"model\":\"m\",\"input\":\"%s\"}", "{\"prompt\":[\"%s\"]}" }) {
			assertThat((double) this.estimator.input(utf8(request.formatted(text)))).as(request)
				.isCloseTo(20.0 * TOKENS, within(12.0));
		}
	}

	@Test
	void countsAsMuchOfAStreamAsArrived() {
		StringBuilder stream = new StringBuilder();
		for (int i = 0; i < 50; i++) {
			stream.append("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted(SENTENCE));
		}
		assertThat((double) this.estimator.output(facts("text/event-stream", stream.toString())))
			.isCloseTo(50.0 * TOKENS, within(25.0));
	}

	@Test
	void countsALongStreamByItsBeginning() {
		StringBuilder stream = new StringBuilder();
		for (int i = 0; i < 2000; i++) {
			stream.append("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted(SENTENCE));
		}
		assertThat((double) this.estimator.output(facts("text/event-stream", stream.toString())))
			.isCloseTo(2000.0 * TOKENS, within(1000.0));
	}

	@Test
	void countsAnthropicAndGeminiAnswers() {
		assertThat((double) this.estimator.output(facts("text/event-stream",
				"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}\n\n"
					.formatted(SENTENCE))))
			.isCloseTo(TOKENS, within(2.0));
		assertThat((double) this.estimator.output(facts("application/json",
				"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"%s\"}]}}]}".formatted(SENTENCE))))
			.isCloseTo(TOKENS, within(2.0));
	}

	@Test
	void takesNothingFromWhatIsNoJson() {
		assertThat(this.estimator.input(utf8("not json"))).isZero();
		assertThat(this.estimator.input(new byte[0])).isZero();
	}

	private static AnswerFacts facts(String contentType, String body) {
		try (AnswerReader reader = AnswerReader.of(contentType, "")) {
			byte[] bytes = utf8(body);
			reader.read(bytes, 0, bytes.length);
			return reader.facts();
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
