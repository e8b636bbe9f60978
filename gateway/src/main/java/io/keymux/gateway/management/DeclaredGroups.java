package io.keymux.gateway.management;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.access.AccessKeys;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.SealingRefused;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupLimits;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.problem.StartFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Groups and callers that environment variables declare, for a start without any file.
 */
@Component
class DeclaredGroups {

	private static final Actor ACTOR = Actor.system("environment");

	private static final Logger logger = LoggerFactory.getLogger(DeclaredGroups.class);

	private final FirstRunProperties properties;

	private final Groups groups;

	private final ProviderKeys keys;

	private final AccessKeys accessKeys;

	DeclaredGroups(FirstRunProperties properties, Groups groups, ProviderKeys keys, AccessKeys accessKeys) {
		this.properties = properties;
		this.groups = groups;
		this.keys = keys;
		this.accessKeys = accessKeys;
	}

	void apply() {
		declare("openai", this.properties.openai(), "https://api.openai.com");
		declare("anthropic", this.properties.anthropic(), "https://api.anthropic.com");
		declare("gemini", this.properties.gemini(), "https://generativelanguage.googleapis.com");
		List<String> secrets = present(this.properties.accessKeys());
		for (int i = 0; i < secrets.size(); i++) {
			declareCaller(i + 1, secrets.get(i));
		}
	}

	private void declare(String name, FirstRunProperties.Declared declared, String publicUrl) {
		List<String> secrets = present(declared.keys());
		if (secrets.isEmpty()) {
			return;
		}
		try {
			String baseUrl = baseUrl(name, declared.baseUrl());
			if (this.groups.find(name).isEmpty()) {
				this.groups.create(ACTOR, group(name, (baseUrl != null) ? baseUrl : publicUrl));
			}
			else if (baseUrl != null) {
				this.groups.update(ACTOR, name, null, (group) -> withUpstream(group, baseUrl));
			}
			this.keys.add(ACTOR, name, secrets.stream().map((secret) -> NewKey.of(secret)).toList());
		}
		catch (SealingRefused refused) {
			throw refused;
		}
		catch (Problem problem) {
			throw new StartFailure("%1$s_API_KEYS and %1$s_BASE_URL cannot be applied: %2$s".formatted(upper(name),
					problem.getMessage()), "Correct the variable, or remove it.");
		}
	}

	private void declareCaller(int number, String secret) {
		if (this.accessKeys.findBySecret(secret).isPresent()) {
			return;
		}
		try {
			this.accessKeys.create(ACTOR, caller(freeName(number)), secret);
		}
		catch (Problem problem) {
			throw new StartFailure(
					"Entry %d of KEYMUX_ACCESS_KEYS cannot be applied: %s".formatted(number, problem.getMessage()),
					"Correct the entry, or remove it.");
		}
	}

	private String freeName(int number) {
		int free = number;
		while (this.accessKeys.find("caller-" + free).isPresent()) {
			free++;
		}
		return "caller-" + free;
	}

	/** Other tools want their version in this variable; here it would be sent twice. */
	private static @Nullable String baseUrl(String name, @Nullable String declared) {
		if (declared == null || declared.isBlank()) {
			return null;
		}
		if (declared.matches(".*/v1(beta)?/?")) {
			logger.warn("{}_BASE_URL ends with a version, which callers of this gateway send in their path as well",
					upper(name));
		}
		return declared.strip();
	}

	private static Group group(String name, String url) {
		return new Group(0, name, null, null, name, true, List.of(new Group.UpstreamUrl(url, 1)), Map.of(), List.of(),
				Map.of(), Map.of(), false, Group.Probe.defaults(), List.of(), GroupLimits.none());
	}

	private static Group withUpstream(Group group, String url) {
		if (group.upstreams().stream().anyMatch((upstream) -> upstream.url().equals(url))) {
			return group;
		}
		return new Group(group.id(), group.name(), group.displayName(), group.description(), group.provider(),
				group.enabled(), List.of(new Group.UpstreamUrl(url, 1)), group.settings(), group.headerRules(),
				group.bodyOverrides(), group.modelAliases(), group.strictModels(), group.probe(), group.members(),
				group.limits());
	}

	private static AccessKey caller(String name) {
		return new AccessKey(0, name, "", List.of(), List.of(), true, null, null, Limits.none(), null);
	}

	private static List<String> present(List<String> values) {
		return values.stream().map(String::strip).filter((value) -> !value.isEmpty()).toList();
	}

	private static String upper(String name) {
		return name.toUpperCase(Locale.ROOT);
	}

}
