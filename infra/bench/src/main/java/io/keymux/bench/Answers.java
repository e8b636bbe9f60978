package io.keymux.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The fixed bodies of the mock upstream, in off-heap memory so that writing one copies
 * nothing.
 */
final class Answers {

	/** Chunks of a streamed answer, the closing {@code [DONE]} among them. */
	static final int CHUNKS = 20;

	private static final String USAGE = """
			{"prompt_tokens":118,"completion_tokens":57,"total_tokens":175,\
			"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":0}}""";

	private static final String COMPLETION = """
			{"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,\
			"model":"gpt-4.1-2025-04-14","choices":[{"index":0,"message":{"role":"assistant","content":"A gateway that \
			adds next to nothing to a request is one that nobody has to think about: the caller changes an address, \
			the provider sees an ordinary client, and the bytes that travel between the two stay as they were. This \
			sentence exists to give the answer a common size.","refusal":null,"annotations":[]},"logprobs":null,\
			"finish_reason":"stop"}],"usage":%s,"service_tier":"default"}""".formatted(USAGE);

	private Answers() {
	}

	static ByteBuf completion() {
		return constant(COMPLETION);
	}

	static List<ByteBuf> stream() {
		Stream<String> words = IntStream.range(0, CHUNKS - 2).mapToObj((index) -> event(delta(index), "null"));
		return Stream.concat(words, Stream.of(event("", USAGE), "data: [DONE]\n\n")).map(Answers::constant).toList();
	}

	private static String event(String choice, String usage) {
		return """
				data: {"id":"chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG","object":"chat.completion.chunk",\
				"created":1741570283,"model":"gpt-4.1-2025-04-14","choices":[%s],"usage":%s}

				""".formatted(choice, usage);
	}

	private static String delta(int index) {
		return """
				{"index":0,"delta":{"content":" word %d"},"logprobs":null,"finish_reason":null}""".formatted(index);
	}

	private static ByteBuf constant(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
	}

}
