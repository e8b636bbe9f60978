package io.keymux.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.body.Edits;
import io.keymux.gateway.body.JsonScan;
import io.keymux.gateway.body.JsonScan.Container;
import io.keymux.gateway.body.JsonScan.Member;
import io.keymux.gateway.body.JsonScan.Span;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.provider.ModelPatterns;
import io.keymux.gateway.provider.Provider.ModelListShape;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a list of models say what may be asked for: aliases join, with strict models they
 * alone stay, and what the caller or the member may not serve goes.
 *
 * @param shape shape of the list
 * @param aliases names callers use, each with the name that is sent
 * @param strict whether only aliases stay
 * @param member patterns of the member that answered
 * @param caller patterns of the caller
 */
record ModelListEdit(ModelListShape shape, Map<String, String> aliases, boolean strict, ModelPatterns member,
		ModelPatterns caller) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	static ModelListEdit of(ModelListShape shape, ServingGroup group, ModelPatterns member, Caller caller) {
		return new ModelListEdit(shape, group.group().modelAliases(), group.group().strictModels(), member,
				caller.models());
	}

	boolean changesNothing() {
		return this.aliases.isEmpty() && !this.strict && this.member.unlimited() && this.caller.unlimited();
	}

	byte[] apply(byte[] json) {
		Container document = JsonScan.object(json);
		Span place = (document != null) ? document.find(json, this.shape.arrayField()) : null;
		Container models = (place != null) ? JsonScan.container(json, place) : null;
		if (place == null || models == null) {
			return json;
		}
		Edits edits = new Edits();
		edits.replace(place, edited(json, models.members()));
		return edits.apply(json);
	}

	private byte[] edited(byte[] json, List<Member> models) {
		Array array = new Array();
		Set<String> missing = new LinkedHashSet<>(this.aliases.keySet());
		for (Member model : models) {
			Span id = id(json, model);
			String name = (id != null) ? name(json, id) : null;
			if (id == null || name == null) {
				array.add(json, model.value());
				continue;
			}
			if (!this.strict && this.member.allow(name) && this.caller.allow(name)) {
				array.add(json, model.value());
				missing.remove(name);
			}
			this.aliases.forEach((alias, sent) -> {
				if (sent.equals(name) && this.caller.allow(alias) && missing.remove(alias)) {
					array.add(renamed(json, model.value(), id, alias));
				}
			});
		}
		// An alias of a model the provider does not list can be asked for all the same.
		missing.stream().filter(this.caller::allow).forEach((alias) -> array.add(described(alias)));
		return array.close();
	}

	private @Nullable Span id(byte[] json, Member model) {
		Container object = (json[model.value().start()] == '{') ? JsonScan.container(json, model.value()) : null;
		return (object != null) ? object.find(json, this.shape.idField()) : null;
	}

	private @Nullable String name(byte[] json, Span id) {
		String name = JsonScan.string(json, id);
		return (name != null && name.startsWith(this.shape.idPrefix())) ? name.substring(this.shape.idPrefix().length())
				: name;
	}

	private byte[] renamed(byte[] json, Span model, Span id, String alias) {
		ByteArrayOutputStream copy = new ByteArrayOutputStream();
		copy.write(json, model.start(), id.start() - model.start());
		copy.writeBytes(MAPPER.writeValueAsBytes(this.shape.idPrefix() + alias));
		copy.write(json, id.end(), model.end() - id.end());
		return copy.toByteArray();
	}

	private byte[] described(String alias) {
		return MAPPER.writeValueAsBytes(this.shape.arrayField().equals("models")
				? Map.of("name", this.shape.idPrefix() + alias, "displayName", alias)
				: Map.of("id", this.shape.idPrefix() + alias, "object", "model", "type", "model", "display_name", alias,
						"created", 0, "created_at", "1970-01-01T00:00:00Z", "owned_by", "keymux"));
	}

	/** A JSON array that is being written. */
	private static final class Array {

		private final ByteArrayOutputStream out = new ByteArrayOutputStream();

		void add(byte[] json, Span value) {
			separate();
			this.out.write(json, value.start(), value.end() - value.start());
		}

		void add(byte[] value) {
			separate();
			this.out.writeBytes(value);
		}

		private void separate() {
			this.out.writeBytes(((this.out.size() == 0) ? "[" : ",").getBytes(StandardCharsets.US_ASCII));
		}

		byte[] close() {
			this.out.writeBytes(((this.out.size() == 0) ? "[]" : "]").getBytes(StandardCharsets.US_ASCII));
			return this.out.toByteArray();
		}

	}

}
