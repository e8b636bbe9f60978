package io.keymux.gateway.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import io.keymux.gateway.body.Edits;
import io.keymux.gateway.body.JsonScan.Container;
import io.keymux.gateway.body.JsonScan.Member;
import io.keymux.gateway.body.JsonScan;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.provider.Provider.PathModel;
import io.keymux.gateway.provider.Provider;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.util.UriUtils;

/** Finds the model of a request and carries out a group's rewrites, in place. */
final class Rewrites {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private Rewrites() {
	}

	/** Takes a request as it came; the model may stand in path, query or body. */
	static Outgoing read(Provider provider, String path, @Nullable String query, RequestBody body) {
		Provider dialect = provider.dialect(path);
		Operation operation = dialect.operation(path);
		PathModel inPath = dialect.modelInPath(path);
		String model = (inPath != null) ? inPath.model() : queryModel(operation, query);
		boolean stream = path.endsWith(":streamGenerateContent");
		if (model == null) {
			RequestBody.Reading inBody = body.read();
			model = (inBody.model() != null) ? withoutPrefix(dialect, inBody.model().name()) : null;
			stream = inBody.stream();
		}
		return new Outgoing(dialect, operation, path, query, body, model, stream);
	}

	private static @Nullable String queryModel(Operation operation, @Nullable String query) {
		int[] place = (operation == Operation.REALTIME && query != null) ? queryValue(query) : null;
		return (place == null || query == null) ? null
				: URLDecoder.decode(query.substring(place[0], place[1]), StandardCharsets.UTF_8);
	}

	private static int @Nullable [] queryValue(String query) {
		int start = query.startsWith("model=") ? 6 : query.indexOf("&model=") + 7;
		if (start == 6 && !query.startsWith("model=")) {
			return null;
		}
		int end = query.indexOf('&', start);
		return new int[] { start, (end < 0) ? query.length() : end };
	}

	/** Gemini writes {@code models/NAME} where others write NAME. */
	private static String withoutPrefix(Provider dialect, String name) {
		String prefix = dialect.modelList().idPrefix();
		return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
	}

	/**
	 * Applies a group's aliases and overrides; the same object if they change nothing.
	 */
	static Outgoing apply(ServingGroup group, Outgoing request) {
		if (!group.editsBodies()) {
			return request;
		}
		Outgoing named = alias(group, request);
		if (named.body() instanceof RequestBody.Held held && held.json() && !group.bodyOverrides().isEmpty()) {
			byte[] edited = group.bodyOverrides().apply(held.bytes());
			return (edited == held.bytes()) ? named : named.withBody(new RequestBody.Held(edited, true), named.model());
		}
		return named;
	}

	private static Outgoing alias(ServingGroup group, Outgoing request) {
		if (request.model() == null) {
			return request;
		}
		String sent = group.upstreamModel(request.model());
		if (sent.equals(request.model())) {
			return request;
		}
		PathModel inPath = request.dialect().modelInPath(request.path());
		if (inPath != null) {
			String segment = UriUtils.encode(sent, StandardCharsets.UTF_8);
			return request.withPath(
					request.path().substring(0, inPath.start()) + segment + request.path().substring(inPath.end()),
					sent);
		}
		String query = request.query();
		int[] inQuery = (request.operation() == Operation.REALTIME && query != null) ? queryValue(query) : null;
		if (query != null && inQuery != null) {
			return request.withQuery(query.substring(0, inQuery[0]) + UriUtils.encode(sent, StandardCharsets.UTF_8)
					+ query.substring(inQuery[1]), sent);
		}
		return request.withBody(renamed(request, sent), sent);
	}

	private static RequestBody renamed(Outgoing request, String sent) {
		return switch (request.body()) {
			case RequestBody.Held held -> new RequestBody.Held(renamedJson(request, held.bytes(), sent), held.json());
			case RequestBody.HeldMultipart held -> {
				RequestBody.ModelPlace model = held.model();
				Edits edits = new Edits();
				if (model != null) {
					edits.replace(model.place(), sent.getBytes(StandardCharsets.UTF_8));
				}
				yield new RequestBody.HeldMultipart(edits.apply(held.bytes()), held.boundary());
			}
			case RequestBody.None none -> none;
			case RequestBody.Streamed streamed -> streamed;
		};
	}

	/**
	 * Should the name stand there twice, both are replaced: no parser may see the old
	 * one.
	 */
	private static byte[] renamedJson(Outgoing request, byte[] json, String sent) {
		Container object = JsonScan.object(json);
		if (object == null) {
			return json;
		}
		Edits edits = new Edits();
		for (Member member : object.members()) {
			String value = "model".equals(member.name(json)) ? JsonScan.string(json, member.value()) : null;
			if (value != null) {
				String prefix = request.dialect().modelList().idPrefix();
				String kept = value.startsWith(prefix) ? prefix : "";
				edits.replace(member.value(), MAPPER.writeValueAsBytes(kept + sent));
			}
		}
		return edits.apply(json);
	}

}
