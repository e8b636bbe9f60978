package io.keymux.gateway.token;

import java.nio.charset.StandardCharsets;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

import org.springframework.stereotype.Component;

/**
 * Estimates tokens where no provider told them, with the encoding of OpenAI's present
 * models; other providers' models cut text alike, within some percent.
 */
@Component
public class TokenEstimator {

	/**
	 * Characters that are counted exactly; what follows them is taken to be alike.
	 */
	private static final int COUNTED = 200_000;

	/** Bytes of a usual event. */
	private static final int EVENT = 160;

	/**
	 * Estimates the tokens of a request.
	 * @param json body of the request
	 * @return input tokens; 0 if it is no JSON
	 */
	public long input(byte[] json) {
		return count(RequestText.read(json));
	}

	/**
	 * Estimates the tokens of an answer, or of as much of it as arrived.
	 * @param answer what is known of it
	 * @return output tokens
	 */
	public long output(AnswerFacts answer) {
		if (answer.sample().length == 0) {
			return 0;
		}
		String text = answer.events() ? AnswerText.ofEvents(answer.sample()) : AnswerText.ofDocument(answer.sample());
		return Math.round(count(text) * ((double) answer.length() / answer.sample().length));
	}

	/**
	 * A rough guess that costs nothing.
	 * @param bytes bytes of text and what surrounds it
	 * @return tokens
	 */
	public static long guess(long bytes) {
		return (bytes + 3) / 4;
	}

	/**
	 * A rough guess that costs nothing.
	 * @param answer what is known of an answer
	 * @return output tokens; most events of a stream carry one token or two
	 */
	public static long guess(AnswerFacts answer) {
		if (answer.sample().length == 0) {
			return 0;
		}
		return answer.events() ? (answer.length() + EVENT - 1) / EVENT : guess(answer.length());
	}

	private static long count(String text) {
		if (text.length() <= COUNTED) {
			return Holder.encoding.countTokensOrdinary(text);
		}
		long counted = Holder.encoding.countTokensOrdinary(text.substring(0, COUNTED));
		return Math.round(counted * ((double) text.length() / COUNTED));
	}

	static String utf8(byte[] bytes, int from, int to) {
		return new String(bytes, from, to - from, StandardCharsets.UTF_8);
	}

	/**
	 * Loads the encoding when it is first needed: it takes a second and some megabytes.
	 */
	private static final class Holder {

		static final Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

	}

}
