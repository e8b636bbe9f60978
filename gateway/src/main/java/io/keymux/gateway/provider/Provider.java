package io.keymux.gateway.provider;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** One provider's dialect: where keys and models stand and what answers mean; pure. */
public sealed interface Provider permits OpenAi, Anthropic, Gemini, GeminiOpenAi {

	/**
	 * The name groups use.
	 * @return for example {@code openai}
	 */
	String name();

	/**
	 * The provider's public base URL.
	 * @return without trailing slash
	 */
	String baseUrl();

	/**
	 * The dialect of one path; some providers speak another one's too.
	 * @param path path after the group, still encoded
	 * @return this provider, or the one whose shapes the path has
	 */
	default Provider dialect(String path) {
		return this;
	}

	/**
	 * Puts a provider key where the provider looks for it.
	 * @param headers outgoing headers, free of the caller's credentials
	 * @param key the provider key
	 */
	void authorize(HttpHeaders headers, String key);

	/**
	 * The kind of call.
	 * @param path path after the group, still encoded
	 * @return the operation
	 */
	Operation operation(String path);

	/**
	 * Where the path names the model.
	 * @param path path after the group, still encoded
	 * @return the model's place, or null if the path names none
	 */
	@Nullable PathModel modelInPath(String path);

	/**
	 * Judges an answer.
	 * @param head status, headers and, from 400 on, the first bytes of the body
	 * @return what it says about key, upstream and caller
	 */
	Outcome outcome(ResponseHead head);

	/**
	 * The cheapest request that tells whether a key works.
	 * @param model model to ask, or null to ask without using one
	 * @param path path to ask, or null for the provider's own
	 * @return the request
	 */
	ProbeRequest probe(@Nullable String model, @Nullable String path);

	/**
	 * Renders a refusal so that the provider's SDK raises its own exception.
	 * @param refusal what to say
	 * @param requestId id of the request
	 * @return a JSON document
	 */
	byte[] render(Refusal refusal, String requestId);

	/**
	 * How the provider lists its models.
	 * @return the shape of the list
	 */
	ModelListShape modelList();

	/**
	 * A model named by a path.
	 *
	 * @param model its name, decoded
	 * @param start where it begins in the path
	 * @param end where it ends in the path
	 */
	record PathModel(String model, int start, int end) {
	}

	/**
	 * A request that tells whether a key works.
	 *
	 * @param method HTTP method
	 * @param path path and query
	 * @param body JSON body, or null
	 */
	record ProbeRequest(String method, String path, @Nullable String body) {
	}

	/**
	 * The shape of a model list.
	 *
	 * @param arrayField field of the document that holds the models
	 * @param idField field of a model that names it
	 * @param idPrefix what stands before the name there
	 */
	record ModelListShape(String arrayField, String idField, String idPrefix) {
	}

}
