package io.keymux.gateway.setting;

import java.util.Map;
import java.util.TreeMap;

/**
 * The system settings, as they are stored.
 *
 * @param revision revision of those written through the API
 * @param values values by setting, and where each comes from
 */
record SystemTier(long revision, Map<String, Value> values) {

	/** Source of the values that were written through the API. */
	static final String API = "api";

	static final SystemTier EMPTY = new SystemTier(0, Map.of());

	SystemTier {
		values = Map.copyOf(values);
	}

	Map<String, String> texts() {
		Map<String, String> texts = new TreeMap<>();
		this.values.forEach((name, value) -> texts.put(name, value.text()));
		return texts;
	}

	/**
	 * A value.
	 *
	 * @param text as it is stored, its secret part sealed
	 * @param source the API, or name of a file
	 */
	record Value(String text, String source) {

		@Override
		public String toString() {
			return "Value[source=" + this.source + "]";
		}

	}

}
