package io.keymux.gateway.document;

import java.util.ArrayList;
import java.util.List;

import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/** Turns JSON into typed bodies; what does not fit is told by the path of the field. */
@Component
public class Documents {

	public static final String MERGE_PATCH = "application/merge-patch+json";

	private final JsonMapper json;

	Documents(JsonMapper json) {
		this.json = json;
	}

	/** Reads a document that was parsed before. */
	public <T> T read(JsonNode document, Class<T> type) {
		if (document.isNull()) {
			throw new Problem.Invalid("", "null (expected: a JSON object)");
		}
		try {
			return this.json.treeToValue(document, type);
		}
		catch (JacksonException ex) {
			throw invalid(ex);
		}
	}

	/** Merges a patch into a body (RFC 7386). */
	public <T> T merge(T body, JsonNode patch, Class<T> type) {
		if (!(patch instanceof ObjectNode changes)) {
			throw new Problem.Invalid("", "the document (expected: a JSON object)");
		}
		return read(merge(this.json.valueToTree(body), changes), type);
	}

	/** Tells what is wrong without Jackson's words, which name classes. */
	public static Problem.Invalid invalid(JacksonException problem) {
		String path = path(problem);
		return switch (problem) {
			case UnrecognizedPropertyException unknown ->
				new Problem.Invalid(path, "no such field (expected: one of %s)".formatted(known(unknown)));
			case InvalidFormatException format -> new Problem.Invalid(path,
					"'%s' (expected: %s)".formatted(format.getValue(), expectation(format.getTargetType())));
			case DatabindException _ -> new Problem.Invalid(path, "a value of another type is expected here");
			default -> new Problem.Invalid(path, "the document is no valid JSON (line %d, column %d)"
				.formatted(problem.getLocation().getLineNr(), problem.getLocation().getColumnNr()));
		};
	}

	/** The elements of a list that may not be null. */
	public static <T> List<T> elements(FieldErrors errors, String field, @Nullable List<@Nullable T> list) {
		List<T> elements = new ArrayList<>();
		for (int i = 0; list != null && i < list.size(); i++) {
			T element = list.get(i);
			if (element != null) {
				elements.add(element);
			}
			else {
				errors.add("%s[%d]".formatted(field, i), "null (expected: a value)");
			}
		}
		return elements;
	}

	private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
		patch.forEachEntry((name, value) -> {
			if (value.isNull()) {
				target.remove(name);
			}
			else if (value instanceof ObjectNode changes) {
				ObjectNode part = (target.get(name) instanceof ObjectNode present) ? present : target.objectNode();
				target.set(name, merge(part, changes));
			}
			else {
				target.set(name, value);
			}
		});
		return target;
	}

	private static String known(UnrecognizedPropertyException problem) {
		return String.join(", ", problem.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList());
	}

	private static String expectation(Class<?> type) {
		if (type.isEnum()) {
			return "one of the values in the API description";
		}
		return (type == java.time.Instant.class) ? "a time such as 2030-01-31T12:00:00Z" : "a " + simple(type);
	}

	private static String simple(Class<?> type) {
		return (type == Boolean.class) ? "boolean" : Number.class.isAssignableFrom(type) ? "number" : "text";
	}

	private static String path(JacksonException problem) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : problem.getPath()) {
			if (reference.getPropertyName() == null) {
				path.append('[').append(reference.getIndex()).append(']');
			}
			else {
				path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
			}
		}
		return path.toString();
	}

}
