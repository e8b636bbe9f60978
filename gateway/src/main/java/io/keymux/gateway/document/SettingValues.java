package io.keymux.gateway.document;

import java.util.LinkedHashMap;
import java.util.Map;

import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Setting values in a document: text, or what reads like it. */
public final class SettingValues {

	private SettingValues() {
	}

	/**
	 * Reads values by setting.
	 * @param field where they stand, or nothing at the root
	 * @param document an object; numbers and booleans count as text
	 * @return values as text, null where the document says null
	 * @throws Problem.Invalid naming each value that is no scalar
	 */
	public static Map<String, @Nullable String> read(String field, JsonNode document) {
		if (!(document instanceof ObjectNode fields)) {
			throw new Problem.Invalid(field, "expected: an object");
		}
		Map<String, @Nullable String> values = new LinkedHashMap<>();
		FieldErrors errors = new FieldErrors();
		fields.forEachEntry((name, value) -> {
			errors.check(value.isValueNode(), field.isEmpty() ? name : field + "." + name,
					"an object or a list (expected: text, a number, true, false or null)");
			values.put(name, value.isNull() ? null : value.isString() ? value.stringValue() : value.toString());
		});
		errors.throwIfAny();
		return values;
	}

}
