package io.keymux.gateway.setting;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.keymux.gateway.cluster.NodeCondition;
import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.cluster.SettingsFingerprint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The settings in force on this node where no group is concerned: defaults, above them
 * the environment, above it the system settings. What cannot be read, or breaks a rule,
 * changes nothing: the last good settings stay.
 */
@Component
public class SystemSettings implements Replica, NodeCondition, SettingsFingerprint {

	/** Whose the secret parts of system settings are. */
	static final String OWNER = "the system";

	private static final Logger logger = LoggerFactory.getLogger(SystemSettings.class);

	private final EnvironmentTier environment;

	private final SystemTierSource source;

	private final SecretSettings secrets;

	private final @Nullable LastGoodSettings lastGood;

	private final ApplicationEventPublisher events;

	@SuppressWarnings("NullAway.Init") // set by the constructor, which resolves
	private volatile Resolved resolved;

	private volatile @Nullable String problem;

	SystemSettings(EnvironmentTier environment, SystemTierSource source, SecretSettings secrets,
			ObjectProvider<LastGoodSettings> lastGood, ApplicationEventPublisher events) {
		this.environment = environment;
		this.source = source;
		this.secrets = secrets;
		this.lastGood = lastGood.getIfAvailable();
		this.events = events;
		// What a node is started with has to be right; what others write must not stop
		// it.
		this.resolved = resolve(environment.read(), SystemTier.EMPTY);
		begin();
	}

	private void begin() {
		take();
		SystemTier kept = (this.problem != null && this.lastGood != null) ? this.lastGood.read() : null;
		if (kept != null) {
			try {
				this.resolved = resolve(this.resolved.environment(), kept);
				logger.warn("This node starts with the system settings it had last (revision {})", kept.revision());
			}
			catch (InvalidSettingException ex) {
				logger.warn("The system settings this node had last are no good any more: {}", ex.getMessage());
			}
		}
	}

	/**
	 * The values in force where no group is concerned; one volatile read.
	 * @return defaults overlaid with the environment and the system settings
	 */
	public EffectiveSettings effective() {
		return this.resolved.effective();
	}

	/**
	 * The values in force for a group.
	 * @param group what the group sets itself
	 * @return defaults overlaid with the environment, the system settings and the group
	 */
	public EffectiveSettings effective(Map<String, String> group) {
		Resolved now = this.resolved;
		return group.isEmpty() ? now.effective()
				: EffectiveSettings.resolve(List.of(now.environment(), now.opened(), group));
	}

	/**
	 * Whether this node can open all that is in force for a group.
	 * @param group what the group sets itself
	 * @return false if a secret part was sealed with a key this node does not have
	 */
	public boolean readable(Map<String, String> group) {
		Resolved now = this.resolved;
		return now.system()
			.values()
			.keySet()
			.stream()
			.allMatch((name) -> now.opened().containsKey(name) || group.containsKey(name));
	}

	/**
	 * Every setting as it is in force, and where its value comes from.
	 * @param group what a group sets itself, as it is stored; empty without a group
	 * @return settings in the order of the catalog, secret parts masked
	 */
	public List<SettingInForce> inForce(Map<String, String> group) {
		Resolved now = this.resolved;
		return java.util.Arrays.stream(Setting.values()).map((setting) -> inForce(setting, now, group)).toList();
	}

	private static SettingInForce inForce(Setting setting, Resolved now, Map<String, String> group) {
		String name = setting.key();
		String own = group.get(name);
		SystemTier.Value system = now.system().values().get(name);
		String environment = now.environment().get(name);
		SettingInForce.Tier tier = (own != null) ? SettingInForce.Tier.GROUP
				: (system != null) ? SettingInForce.Tier.SYSTEM
						: (environment != null) ? SettingInForce.Tier.ENVIRONMENT : SettingInForce.Tier.DEFAULT;
		String value = switch (tier) {
			case GROUP -> own;
			case SYSTEM -> Objects.requireNonNull(system).text();
			case ENVIRONMENT -> environment;
			case DEFAULT -> setting.defaultValue();
		};
		Map<String, String> shown = SecretSettings.shown(Map.of(name, String.valueOf(value)));
		return new SettingInForce(setting, String.valueOf(shown.get(name)), tier,
				(tier == SettingInForce.Tier.SYSTEM) ? Objects.requireNonNull(system).source() : null);
	}

	@EventListener
	void on(SettingsChanged notice) {
		if (notice.revision() > this.resolved.system().revision()) {
			reload();
		}
	}

	/** Configuration was refreshed: files, the environment of the process, or both. */
	@EventListener(EnvironmentChangeEvent.class)
	void refreshed() {
		take();
	}

	@Override
	public void reload() {
		take();
	}

	private void take() {
		Resolved former;
		Resolved next;
		synchronized (this) {
			former = this.resolved;
			try {
				next = resolve(this.environment.read(), this.source.read());
			}
			catch (InvalidSettingException | SettingsUnavailable ex) {
				refuse(String.valueOf(ex.getMessage()));
				return;
			}
			catch (DataAccessException | TransactionException ex) {
				refuse("The database does not answer (" + ex.getClass().getSimpleName() + ")");
				return;
			}
			if (this.problem != null) {
				logger.info("System settings are taken in again (revision {})", next.system().revision());
			}
			this.problem = null;
			this.resolved = next;
			if (this.lastGood != null && !next.system().equals(former.system())) {
				this.lastGood.write(next.system());
			}
		}
		if (!next.equals(former)) {
			this.events.publishEvent(new SettingsReplaced(next.system().revision()));
		}
	}

	private void refuse(String why) {
		if (!why.equals(this.problem)) {
			logger.error("The last good system settings stay in force: {}", why);
		}
		this.problem = why;
	}

	private Resolved resolve(Map<String, String> fromEnvironment, SystemTier system) {
		system.values()
			.forEach((name, value) -> EnvironmentTier.check(name, SecretSettings.checkable(name, value.text()),
					value.source()));
		Map<String, String> opened = new TreeMap<>(this.secrets.open(system.texts(), OWNER));
		keepResealed(system, opened);
		return new Resolved(fromEnvironment, system, opened,
				EffectiveSettings.resolve(List.of(fromEnvironment, opened)));
	}

	/**
	 * What was sealed anew with a key this node does not have is still right as it was
	 * opened before.
	 */
	private void keepResealed(SystemTier system, Map<String, String> opened) {
		Resolved former = this.resolved;
		if (former == null) {
			return;
		}
		Map<String, String> shownBefore = SecretSettings.shown(former.system().texts());
		Map<String, String> shown = SecretSettings.shown(system.texts());
		former.opened().forEach((name, value) -> {
			if (!opened.containsKey(name) && shown.containsKey(name) && shown.get(name).equals(shownBefore.get(name))) {
				opened.put(name, value);
			}
		});
	}

	@Override
	public String name() {
		return SettingTable.REVISION;
	}

	@Override
	public long revision() {
		return this.resolved.system().revision();
	}

	@Override
	public @Nullable String warning() {
		String now = this.problem;
		return (now != null) ? "The last good system settings stay in force: " + now : null;
	}

	@Override
	public String settingsFingerprint() {
		Map<String, String> shown = new TreeMap<>(SecretSettings.shown(this.resolved.system().texts()));
		return "%08x".formatted(shown.hashCode());
	}

	/** All tiers of one moment. */
	private record Resolved(Map<String, String> environment, SystemTier system, Map<String, String> opened,
			EffectiveSettings effective) {

		@Override
		public String toString() {
			return "Resolved[revision=" + this.system.revision() + "]";
		}

	}

}
