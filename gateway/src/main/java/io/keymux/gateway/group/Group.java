package io.keymux.gateway.group;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A named routing unit as an operator describes it: a provider with upstreams and rules,
 * or an aggregate of other groups.
 *
 * @param id identity in the database, 0 before it is stored
 * @param name name in the URL
 * @param displayName name for people, or null
 * @param description what it is for, or null
 * @param provider provider whose dialect it speaks
 * @param enabled whether it serves
 * @param upstreams base URLs, empty for an aggregate
 * @param settings settings that differ from the system's, as written
 * @param headerRules changes to the outgoing headers, in order
 * @param bodyOverrides JSON merge patch (RFC 7386) applied to outgoing JSON bodies
 * @param modelAliases model names callers use, each with the name that is sent
 * @param strictModels whether only aliases may be asked for
 * @param probe how keys of the group are probed
 * @param members groups that serve for this one; not empty makes it an aggregate
 * @param limits how much may be asked of it
 */
public record Group(long id, String name, @Nullable String displayName, @Nullable String description, String provider,
		boolean enabled, List<UpstreamUrl> upstreams, Map<String, String> settings, List<HeaderRule> headerRules,
		Map<String, @Nullable Object> bodyOverrides, Map<String, String> modelAliases, boolean strictModels,
		Probe probe, List<Member> members, GroupLimits limits) {

	/** Whether other groups serve for this one. */
	public boolean aggregate() {
		return !this.members.isEmpty();
	}

	/** The same group with other settings and header rules. */
	Group with(Map<String, String> newSettings, List<HeaderRule> newHeaderRules) {
		return new Group(this.id, this.name, this.displayName, this.description, this.provider, this.enabled,
				this.upstreams, newSettings, newHeaderRules, this.bodyOverrides, this.modelAliases, this.strictModels,
				this.probe, this.members, this.limits);
	}

	/** The same group under another name, not stored yet. */
	Group named(String newName) {
		return new Group(0, newName, this.displayName, this.description, this.provider, this.enabled, this.upstreams,
				this.settings, this.headerRules, this.bodyOverrides, this.modelAliases, this.strictModels, this.probe,
				this.members, this.limits);
	}

	/** Settings and header rules may hold secrets. */
	@Override
	public String toString() {
		return "Group[name=" + this.name + "]";
	}

	/**
	 * A base URL requests are sent to.
	 *
	 * @param url absolute http or https URL, trailing slash or none
	 * @param weight share among the group's upstreams, 0 = none
	 */
	public record UpstreamUrl(String url, int weight) {
	}

	/**
	 * A change to one outgoing header.
	 *
	 * @param action what to do
	 * @param name header name
	 * @param value value to set, with variables such as {@code ${CLIENT_IP}}; null when
	 * removing, or if the value is secret
	 * @param secret the secret value to set instead, or null
	 */
	public record HeaderRule(Action action, String name, @Nullable String value, @Nullable SecretValue secret) {

		/** Stands for a secret that is not shown. */
		public static final String MASK = "***";

		/**
		 * A rule without a secret.
		 * @param action what to do
		 * @param name header name
		 * @param value value to set, or null when removing
		 */
		public HeaderRule(Action action, String name, @Nullable String value) {
			this(action, name, value, null);
		}

		HeaderRule with(SecretValue newSecret) {
			return new HeaderRule(this.action, this.name, this.value, newSecret);
		}

		@JsonValue
		Shown shown() {
			return new Shown(this.action, this.name, (this.secret != null) ? MASK : this.value,
					(this.secret != null) ? Boolean.TRUE : null);
		}

		/** A header rule wherever it is written down, except in its own column. */
		@JsonInclude(JsonInclude.Include.NON_NULL)
		record Shown(Action action, String name, @Nullable String value, @Nullable Boolean secret) {
		}

		/** What a header rule does. */
		public enum Action {

			/** Replaces the header. */
			@JsonProperty("set")
			SET,

			/** Drops the header. */
			@JsonProperty("remove")
			REMOVE

		}

	}

	/**
	 * How a provider is asked whether a key works.
	 *
	 * @param model model of the probe request, or null for the provider's default
	 * @param path path of the probe request, or null for the provider's default
	 */
	public record Probe(@Nullable String model, @Nullable String path) {

		/** A probe as the provider has it by default. */
		public static Probe defaults() {
			return new Probe(null, null);
		}

	}

	/**
	 * A group that serves for an aggregate.
	 *
	 * @param group name of the member
	 * @param weight share among members of the same priority, 0 = none
	 * @param priority tier; 0 is asked first, the next one when no lower one can serve
	 * @param models patterns of the models it serves, empty = all
	 */
	public record Member(String group, int weight, int priority, List<String> models) {
	}

}
