package io.keymux.gateway.document;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an import did, or would do.
 *
 * @param dryRun whether nothing of it was done
 * @param changes what changed, in order; empty if the document says what is there
 * @param issued access keys that were given a secret, which nobody sees again
 */
public record ImportResult(boolean dryRun, List<Change> changes, List<Issued> issued) {

	@Override
	public String toString() {
		return "ImportResult[changes=" + this.changes.size() + "]";
	}

	/**
	 * One change.
	 *
	 * @param action what is done, as in the audit log, such as {@code group.update}
	 * @param target what it is done to
	 * @param fields fields that differ
	 */
	public record Change(String action, String target, Map<String, Difference> fields) {
	}

	/**
	 * A field that differs, secrets masked.
	 *
	 * @param before value before, or null
	 * @param after value after, or null
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record Difference(@Nullable JsonNode before, @Nullable JsonNode after) {
	}

	/**
	 * An access key that came without its secret and got a new one.
	 *
	 * @param name its name
	 * @param key the secret, or null in a dry run
	 */
	public record Issued(String name, @Nullable String key) {

		@Override
		public String toString() {
			return "Issued[name=" + this.name + "]";
		}

	}

}
