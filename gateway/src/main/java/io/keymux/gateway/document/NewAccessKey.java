package io.keymux.gateway.document;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An access key to be added: one document of its fields and, if callers use it already,
 * its secret as {@code key}.
 */
public record NewAccessKey(@JsonUnwrapped AccessKeyBody body, @Nullable String key) {

	public static NewAccessKey read(Documents documents, JsonNode document) {
		if (!(document instanceof ObjectNode fields)) {
			throw new Problem.Invalid("", "expected: a JSON object");
		}
		JsonNode secret = fields.remove("key");
		if (secret != null && !secret.isNull() && !secret.isString()) {
			throw new Problem.Invalid("key", "expected: text");
		}
		return new NewAccessKey(documents.read(fields, AccessKeyBody.class),
				(secret != null && secret.isString()) ? secret.stringValue() : null);
	}

	@Override
	public String toString() {
		return "NewAccessKey";
	}

}
