package io.keymux.gateway.gptload;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.keymux.gateway.setting.Setting;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Settings of one tier, the system or a group, without those that say what is in force
 * anyway.
 */
final class MovedSettings {

	private static final String POOLS = "Keymux keeps its connection pools itself";

	/** Settings without a counterpart. */
	private static final Map<String, Without> WITHOUT = Map.of("idle_conn_timeout", new Without("120", POOLS),
			"max_idle_conns", new Without("100", POOLS), "max_idle_conns_per_host", new Without("50", POOLS),
			"request_log_write_interval_minutes", new Without("1", "Keymux writes records by itself"), "app_url",
			new Without("http://localhost:3001",
					"set KEYMUX_PROXY_PUBLIC_URL if answers must carry another URL than the one callers use"));

	private static final String BODIES = "enable_request_body_logging";

	private static final String CODES = "failover_status_codes";

	private static final String PROXY = "proxy_url";

	private static final Set<String> TEXTS = Set.of(BODIES, CODES, PROXY, "proxy_keys");

	private final Map<String, String> theirs;

	/** The tier below, or null for the system, whose tier below are the defaults. */
	private final @Nullable MovedSettings system;

	private final String where;

	private final Findings findings;

	private final Map<Setting, String> ours = new EnumMap<>(Setting.class);

	private MovedSettings(Map<String, String> theirs, @Nullable MovedSettings system, String where, Findings findings) {
		this.theirs = theirs;
		this.system = system;
		this.where = where;
		this.findings = findings;
	}

	/**
	 * Moves the system's settings.
	 * @param stored rows of gpt-load's system_settings; what is missing has gpt-load's
	 * default
	 * @param findings where settings that are not moved are noted
	 * @return the system's settings
	 */
	static MovedSettings ofSystem(Map<String, String> stored, Findings findings) {
		MovedSettings moved = new MovedSettings(stored, null, "system settings", findings);
		moved.move();
		return moved;
	}

	/**
	 * Moves what a group sets itself.
	 * @param config the group's config
	 * @param group the group, for what is noted
	 * @return the group's settings
	 */
	MovedSettings ofGroup(ObjectNode config, String group) {
		Map<String, String> stored = new TreeMap<>();
		config.forEachEntry((name, value) -> {
			if (!value.isNull()) {
				stored.put(name, value.isContainer() ? value.toString() : value.asString());
			}
		});
		MovedSettings moved = new MovedSettings(stored, this, group, this.findings);
		moved.move();
		return moved;
	}

	private void move() {
		NumberRule.OTHERS.forEach(this::number);
		responseTimeout();
		codes();
		proxy();
		bodies();
		retention();
		rest();
	}

	private void number(NumberRule rule) {
		Long number = sets(rule.theirs()) ? number(rule, true) : null;
		if (number != null) {
			put(rule.ours(), rule.value(number, this.where, this.findings));
		}
	}

	/** One limit of Keymux does for two of gpt-load: the time until the head. */
	private void responseTimeout() {
		if (!sets(NumberRule.WHOLE.theirs()) && !sets(NumberRule.HEAD.theirs())) {
			return;
		}
		Long whole = number(NumberRule.WHOLE, true);
		Long head = number(NumberRule.HEAD, true);
		if (whole == null || head == null) {
			return;
		}
		String value = ((whole < head) ? NumberRule.WHOLE : NumberRule.HEAD).value(Math.min(whole, head), this.where,
				this.findings);
		put(Setting.RESPONSE_TIMEOUT, value);
		if (whole < head) {
			this.findings.changed(this.where,
					"request_timeout %d became %s %s".formatted(whole, Setting.RESPONSE_TIMEOUT.key(), value),
					"it limits an attempt until the head of the answer, of a stream as well, and no longer the rest "
							+ "of an answer that is not streamed");
		}
		else if (whole > head && this.theirs.containsKey(NumberRule.WHOLE.theirs())
				&& (this.system != null || whole != NumberRule.WHOLE.byDefault())) {
			this.findings.left(this.where, "request_timeout %d".formatted(whole),
					"Keymux limits an attempt until the head of the answer, by response_header_timeout, and an answer "
							+ "by its silences; its own %s limits all attempts and streams together"
								.formatted(Setting.REQUEST_TIMEOUT.key()));
		}
	}

	private void codes() {
		if (!sets(CODES)) {
			return;
		}
		try {
			RetryCodes codes = RetryCodes.of(this.theirs.getOrDefault(CODES, RetryCodes.BY_DEFAULT));
			put(Setting.RETRY_ON, codes.value());
			if (codes.below()) {
				this.findings.changed(this.where,
						"%s became %s %s".formatted(CODES, Setting.RETRY_ON.key(), codes.value()),
						"Keymux retries statuses from 400 on");
			}
		}
		catch (IllegalArgumentException ex) {
			this.findings.left(this.where, CODES, "it is no list of statuses");
		}
	}

	private void proxy() {
		String url = this.theirs.get(PROXY);
		if (url == null) {
			return;
		}
		String ours = url.isBlank() ? "" : EgressProxies.of(url);
		if (ours == null || !accepted(Setting.EGRESS_PROXY, ours)) {
			this.findings.left(this.where, PROXY, "expected: a proxy URL http, https or socks5 with a host");
			return;
		}
		put(Setting.EGRESS_PROXY, ours);
	}

	private void bodies() {
		String flag = this.theirs.get(BODIES);
		if (flag == null) {
			return;
		}
		switch (flag.strip()) {
			case "true", "false" -> put(Setting.RECORD_REQUEST_BODY, flag.strip());
			default -> this.findings.left(this.where, BODIES, "it is neither true nor false");
		}
	}

	private void retention() {
		Long days = (this.system == null) ? number(NumberRule.RETENTION, true) : null;
		if (days == null) {
			return;
		}
		if (days > 0) {
			put(Setting.RECORD_RETENTION, NumberRule.RETENTION.value(days, this.where, this.findings));
			return;
		}
		String longest = NumberRule.RETENTION.max() + NumberRule.RETENTION.unit();
		put(Setting.RECORD_RETENTION, longest);
		this.findings.changed(this.where,
				"%s 0 became %s %s".formatted(NumberRule.RETENTION.theirs(), Setting.RECORD_RETENTION.key(), longest),
				"Keymux keeps no records for ever");
	}

	private void rest() {
		this.theirs.forEach((name, value) -> {
			Without without = WITHOUT.get(name);
			if (without != null) {
				if (!value.isBlank() && !value.strip().equals(without.byDefault())) {
					this.findings.left(this.where, name, without.advice());
				}
			}
			else if (!known(name)) {
				this.findings.left(this.where, Findings.quoted(name), "gpt-load 1.4 has no such setting");
			}
		});
	}

	private boolean known(String name) {
		return TEXTS.contains(name) || name.equals(NumberRule.WHOLE.theirs()) || name.equals(NumberRule.HEAD.theirs())
				|| (name.equals(NumberRule.RETENTION.theirs()) && this.system == null)
				|| NumberRule.OTHERS.stream().anyMatch((rule) -> rule.theirs().equals(name));
	}

	/** The system always sets everything, by gpt-load's defaults if nothing else. */
	private boolean sets(String name) {
		return this.system == null || this.theirs.containsKey(name);
	}

	private @Nullable Long number(NumberRule rule, boolean note) {
		String text = this.theirs.get(rule.theirs());
		if (text == null) {
			Long below = (this.system != null) ? this.system.number(rule, false) : null;
			return (below != null) ? below : Long.valueOf(rule.byDefault());
		}
		Long number = NumberRule.number(text);
		if (number == null && note) {
			this.findings.left(this.where, rule.theirs(), "it is no whole number");
		}
		return number;
	}

	/** Sets a value of this tier unless it is in force anyway. */
	void put(Setting setting, String value) {
		if (!same(setting, value, inForceBelow(setting))) {
			this.ours.put(setting, value);
		}
	}

	private String inForceBelow(Setting setting) {
		return (this.system != null) ? this.system.inForce(setting) : setting.defaultValue();
	}

	private static boolean same(Setting setting, String one, String other) {
		return one.equals(other) || setting.parse(one).equals(setting.parse(other));
	}

	private static boolean accepted(Setting setting, String value) {
		try {
			setting.parse(value);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * The value requests are served with.
	 * @param setting a setting
	 * @return the value of this tier, or else of the one below
	 */
	String inForce(Setting setting) {
		String own = this.ours.get(setting);
		return (own != null) ? own : inForceBelow(setting);
	}

	/** The settings as the document shows them. */
	ObjectNode toJson() {
		ObjectNode node = JsonColumn.MAPPER.createObjectNode();
		this.ours.forEach((setting, value) -> node.put(setting.key(), value));
		return node;
	}

	/**
	 * A setting Keymux has no counterpart of.
	 *
	 * @param byDefault gpt-load's default, which says nothing
	 * @param advice why, or what to do instead
	 */
	private record Without(String byDefault, String advice) {
	}

}
