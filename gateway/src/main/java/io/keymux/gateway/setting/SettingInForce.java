package io.keymux.gateway.setting;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A setting with the value that is in force.
 *
 * @param setting the setting
 * @param value its value, secret parts masked
 * @param tier tier the value comes from
 * @param source where exactly a system setting comes from: {@code api}, or name of a file
 */
public record SettingInForce(Setting setting, String value, Tier tier, @Nullable String source) {

	/** Where values come from, the weakest first. */
	public enum Tier {

		/** The program itself. */
		@JsonProperty("default")
		DEFAULT,

		/** What the node was started with. */
		@JsonProperty("environment")
		ENVIRONMENT,

		/**
		 * What was written for all nodes, through the API or in a file of the config
		 * server.
		 */
		@JsonProperty("system")
		SYSTEM,

		/** What a group sets itself. */
		@JsonProperty("group")
		GROUP

	}

}
