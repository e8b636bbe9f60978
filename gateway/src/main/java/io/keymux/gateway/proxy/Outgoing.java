package io.keymux.gateway.proxy;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is to be sent, but for key and upstream.
 *
 * @param dialect dialect of its path
 * @param operation kind of call
 * @param path path, encoded
 * @param query query, or null
 * @param body body
 * @param model model it names, or null
 * @param stream whether it asks for a stream
 */
record Outgoing(Provider dialect, Operation operation, String path, @Nullable String query, RequestBody body,
		@Nullable String model, boolean stream) {

	static final ExchangeKey<Outgoing> KEY = ExchangeKey.of(Outgoing.class);

	Outgoing withPath(String newPath, String newModel) {
		return new Outgoing(this.dialect, this.operation, newPath, this.query, this.body, newModel, this.stream);
	}

	Outgoing withQuery(String newQuery, String newModel) {
		return new Outgoing(this.dialect, this.operation, this.path, newQuery, this.body, newModel, this.stream);
	}

	Outgoing withBody(RequestBody newBody, @Nullable String newModel) {
		return new Outgoing(this.dialect, this.operation, this.path, this.query, newBody, newModel, this.stream);
	}

}
