package io.keymux.gateway.body;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.body.JsonScan.Container;
import io.keymux.gateway.body.JsonScan.Member;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A JSON merge patch (RFC 7386) that edits a document in place. */
public final class JsonMergePatch {

	private static final byte[] NOTHING = {};

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final Map<String, Change> changes;

	private JsonMergePatch(Map<String, Change> changes) {
		this.changes = changes;
	}

	/**
	 * Prepares a patch.
	 * @param patch names and new values; null removes, a nested map is merged
	 * @return the patch, ready to be applied many times
	 */
	public static JsonMergePatch of(Map<String, ? extends @Nullable Object> patch) {
		Map<String, Change> changes = new LinkedHashMap<>();
		patch.forEach((name, value) -> changes.put(name, change(name, value)));
		return new JsonMergePatch(changes);
	}

	private static Change change(String name, @Nullable Object value) {
		byte[] quoted = MAPPER.writeValueAsBytes(name);
		if (value == null) {
			return new Change(quoted, null, null);
		}
		JsonMergePatch nested = (value instanceof Map<?, ?> map) ? of(named(map)) : null;
		return new Change(quoted, MAPPER.writeValueAsBytes(withoutNulls(value)), nested);
	}

	private static Map<String, @Nullable Object> named(Map<?, ?> map) {
		Map<String, @Nullable Object> named = new LinkedHashMap<>();
		map.forEach((name, value) -> named.put(String.valueOf(name), value));
		return named;
	}

	/** RFC 7386: a nested patch without a counterpart is merged into an empty object. */
	private static Object withoutNulls(Object value) {
		if (!(value instanceof Map<?, ?> map)) {
			return value;
		}
		Map<String, Object> kept = new LinkedHashMap<>();
		map.forEach((name, member) -> {
			if (member != null) {
				kept.put(String.valueOf(name), withoutNulls(member));
			}
		});
		return kept;
	}

	public boolean isEmpty() {
		return this.changes.isEmpty();
	}

	/**
	 * Applies the patch.
	 * @param json a document
	 * @return the patched document; the same array if nothing changes or it is no
	 * well-formed object
	 */
	public byte[] apply(byte[] json) {
		Container object = isEmpty() ? null : JsonScan.object(json);
		if (object == null) {
			return json;
		}
		Edits edits = new Edits();
		edit(json, object, edits);
		return edits.apply(json);
	}

	private void edit(byte[] json, Container object, Edits edits) {
		List<Member> members = object.members();
		Map<String, Change> missing = new LinkedHashMap<>(this.changes);
		List<@Nullable Change> found = new ArrayList<>(members.size());
		int lastKept = -1;
		for (int i = 0; i < members.size(); i++) {
			String name = members.get(i).name(json);
			Change change = (name != null) ? this.changes.get(name) : null;
			found.add(change);
			if (change == null || change.value != null) {
				lastKept = i;
			}
			if (name != null) {
				missing.remove(name);
			}
		}
		for (int i = 0; i <= lastKept; i++) {
			Change change = found.get(i);
			if (change != null) {
				change.edit(json, members.get(i), members, i, edits);
			}
		}
		int end = (lastKept < 0) ? object.span().start() + 1 : members.get(lastKept).value().end();
		int dropped = (lastKept < members.size() - 1) ? members.getLast().value().end() : end;
		byte[] added = added(missing.values(), lastKept >= 0);
		if (dropped > end || added.length > 0) {
			edits.replace(end, dropped, added);
		}
	}

	private static byte[] added(Collection<Change> changes, boolean follows) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		boolean comma = follows;
		for (Change change : changes) {
			if (change.value != null) {
				if (comma) {
					out.write(',');
				}
				out.writeBytes(change.quotedName);
				out.write(':');
				out.writeBytes(change.value);
				comma = true;
			}
		}
		return out.toByteArray();
	}

	/** What happens to the members of one name; without a value they go. */
	private record Change(byte[] quotedName, byte @Nullable [] value, @Nullable JsonMergePatch nested) {

		void edit(byte[] json, Member member, List<Member> members, int index, Edits edits) {
			if (this.value == null) {
				edits.replace(member.start(), members.get(index + 1).start(), NOTHING);
				return;
			}
			boolean object = json[member.value().start()] == '{';
			Container inner = (this.nested != null && object) ? JsonScan.container(json, member.value()) : null;
			if (this.nested != null && inner != null) {
				this.nested.edit(json, inner, edits);
			}
			else {
				edits.replace(member.value(), this.value);
			}
		}

	}

}
