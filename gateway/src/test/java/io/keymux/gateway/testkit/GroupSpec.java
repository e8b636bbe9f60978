package io.keymux.gateway.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A group as a test wants it, created through the management API. */
public final class GroupSpec {

	private final Gateway gateway;

	private final String name;

	private final List<Map<String, ?>> upstreams = new ArrayList<>();

	private final Map<String, String> settings = new LinkedHashMap<>(Map.of("retry-backoff", "1ms..5ms"));

	private final List<Map<String, ?>> headerRules = new ArrayList<>();

	private final Map<String, String> modelAliases = new LinkedHashMap<>();

	private final List<Map<String, ?>> members = new ArrayList<>();

	private final List<String> keys = new ArrayList<>();

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	GroupSpec(Gateway gateway, String name, String provider) {
		this.gateway = gateway;
		this.name = name;
		this.fields.put("name", name);
		this.fields.put("provider", provider);
	}

	/**
	 * Adds an upstream of weight 1.
	 * @param url its base URL
	 * @return this
	 */
	public GroupSpec upstream(String url) {
		return upstream(url, 1);
	}

	/**
	 * Adds an upstream.
	 * @param url its base URL
	 * @param weight its share
	 * @return this
	 */
	public GroupSpec upstream(String url, int weight) {
		this.upstreams.add(Map.of("url", url, "weight", weight));
		return this;
	}

	/**
	 * Adds provider keys.
	 * @param secrets the keys
	 * @return this
	 */
	public GroupSpec keys(String... secrets) {
		this.keys.addAll(List.of(secrets));
		return this;
	}

	/**
	 * Sets a setting of the group.
	 * @param name for example {@code max-attempts}
	 * @param value as an operator writes it
	 * @return this
	 */
	public GroupSpec setting(String name, String value) {
		this.settings.put(name, value);
		return this;
	}

	/**
	 * Adds a header rule that sets.
	 * @param name header name
	 * @param value its value, with variables
	 * @return this
	 */
	public GroupSpec setHeader(String name, String value) {
		this.headerRules.add(Map.of("action", "set", "name", name, "value", value));
		return this;
	}

	/**
	 * Adds a header rule that removes.
	 * @param name header name
	 * @return this
	 */
	public GroupSpec removeHeader(String name) {
		this.headerRules.add(Map.of("action", "remove", "name", name));
		return this;
	}

	/**
	 * Sets the body overrides.
	 * @param overrides a JSON merge patch
	 * @return this
	 */
	public GroupSpec bodyOverrides(Map<String, ?> overrides) {
		this.fields.put("bodyOverrides", overrides);
		return this;
	}

	/**
	 * Adds a model alias.
	 * @param asked what callers ask for
	 * @param sent what the provider gets
	 * @return this
	 */
	public GroupSpec alias(String asked, String sent) {
		this.modelAliases.put(asked, sent);
		return this;
	}

	/**
	 * Lets callers ask for aliases alone.
	 * @return this
	 */
	public GroupSpec strict() {
		this.fields.put("strictModels", true);
		return this;
	}

	/**
	 * Limits what all callers together may ask of the group.
	 * @param limits as in the API
	 * @return this
	 */
	public GroupSpec limits(Map<String, ?> limits) {
		this.fields.put("limits", limits);
		return this;
	}

	/**
	 * Lets the group exist without serving.
	 * @return this
	 */
	public GroupSpec disabled() {
		this.fields.put("enabled", false);
		return this;
	}

	/**
	 * Adds a member, which makes an aggregate.
	 * @param group the member
	 * @param weight its share
	 * @param priority its tier
	 * @param models patterns of the models it serves
	 * @return this
	 */
	public GroupSpec member(TestGroup group, int weight, int priority, String... models) {
		this.members
			.add(Map.of("group", group.name(), "weight", weight, "priority", priority, "models", List.of(models)));
		return this;
	}

	/**
	 * Creates the group, then its keys.
	 * @return the group in service
	 */
	public TestGroup create() {
		this.fields.put("settings", this.settings);
		if (!this.upstreams.isEmpty()) {
			this.fields.put("upstreams", this.upstreams);
		}
		if (!this.headerRules.isEmpty()) {
			this.fields.put("headerRules", this.headerRules);
		}
		if (!this.modelAliases.isEmpty()) {
			this.fields.put("modelAliases", this.modelAliases);
		}
		if (!this.members.isEmpty()) {
			this.fields.put("members", this.members);
		}
		this.gateway.manage("POST", "/api/groups", this.fields);
		if (!this.keys.isEmpty()) {
			this.gateway.manage("POST", "/api/groups/" + this.name + "/keys", Map.of("keys", this.keys));
		}
		return new TestGroup(this.gateway, this.name);
	}

}
