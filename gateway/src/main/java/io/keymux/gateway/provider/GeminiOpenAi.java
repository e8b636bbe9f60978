package io.keymux.gateway.provider;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's OpenAI-compatible paths: OpenAI's shapes, Google's errors.
 *
 * @param shape the dialect of requests and answers
 */
record GeminiOpenAi(OpenAi shape) implements Provider {

	private static final ModelListShape MODELS = new ModelListShape("data", "id", "models/");

	@Override
	public String name() {
		return "gemini";
	}

	@Override
	public String baseUrl() {
		return "https://generativelanguage.googleapis.com";
	}

	@Override
	public void authorize(HttpHeaders headers, String key) {
		this.shape.authorize(headers, key);
	}

	@Override
	public Operation operation(String path) {
		return this.shape.operation(path);
	}

	@Override
	public @Nullable PathModel modelInPath(String path) {
		return this.shape.modelInPath(path);
	}

	@Override
	public Outcome outcome(ResponseHead head) {
		return new Gemini().outcome(head);
	}

	@Override
	public ProbeRequest probe(@Nullable String model, @Nullable String path) {
		return new Gemini().probe(model, path);
	}

	@Override
	public byte[] render(Refusal refusal, String requestId) {
		return this.shape.render(refusal, requestId);
	}

	@Override
	public ModelListShape modelList() {
		return MODELS;
	}

}
