package io.keymux.gateway.management;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What variables declare at each start.
 *
 * @param openai keys for the group openai
 * @param anthropic keys for the group anthropic
 * @param gemini keys for the group gemini
 * @param accessKeys keys that callers present
 */
@ConfigurationProperties("keymux.first-run")
record FirstRunProperties(@DefaultValue Declared openai, @DefaultValue Declared anthropic,
		@DefaultValue Declared gemini, @DefaultValue List<String> accessKeys) {

	@Override
	public String toString() {
		return "FirstRunProperties";
	}

	/**
	 * What a provider's variables declare.
	 *
	 * @param keys provider keys; none declares no group
	 * @param baseUrl where requests are sent, or null for the provider's public address
	 */
	record Declared(@DefaultValue List<String> keys, @Nullable String baseUrl) {

		@Override
		public String toString() {
			return "Declared";
		}

	}

}
