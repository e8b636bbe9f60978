package io.keymux.gateway.setting;

import java.util.Map;
import java.util.TreeMap;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/** What an operator may do with the system settings; all methods block. */
@Service
public class StoredSettings {

	private static final int MAX_LENGTH = 4000;

	private final SettingTable table;

	private final SecretSettings secrets;

	private final AuditLog audit;

	private final ChangeBus changes;

	StoredSettings(SettingTable table, SecretSettings secrets, AuditLog audit, ChangeBus changes) {
		this.table = table;
		this.secrets = secrets;
		this.audit = audit;
		this.changes = changes;
	}

	/**
	 * The system settings that were written through the API.
	 * @return values by setting, secret parts sealed
	 */
	public Map<String, String> values() {
		return this.table.read().values();
	}

	/**
	 * The same, to be read by people or another system.
	 * @param secret whether secret parts are opened; masked otherwise
	 * @return values by setting
	 */
	public Map<String, String> shown(boolean secret) {
		Map<String, String> values = values();
		return secret ? this.secrets.open(values, SystemSettings.OWNER) : SecretSettings.shown(values);
	}

	/**
	 * Changes system settings, all or none.
	 * @param actor who wants it
	 * @param patch new values by setting; null takes one back
	 */
	public void patch(Actor actor, Map<String, @Nullable String> patch) {
		change(actor, (former) -> {
			Map<String, String> merged = new TreeMap<>(former);
			patch.forEach((name, value) -> {
				if (value != null) {
					merged.put(name, value);
				}
				else {
					merged.remove(name);
				}
			});
			return merged;
		}, patch);
	}

	/**
	 * Makes these the system settings, and no others.
	 * @param actor who wants it
	 * @param values values by setting
	 */
	public void replace(Actor actor, Map<String, String> values) {
		change(actor, (_) -> new TreeMap<>(values), values);
	}

	private void change(Actor actor, java.util.function.UnaryOperator<Map<String, String>> change,
			Map<String, ? extends @Nullable String> written) {
		this.changes.write(() -> {
			long revision = this.table.next();
			Map<String, String> former = this.table.values();
			FieldErrors errors = new FieldErrors();
			written.forEach((name, value) -> check(errors, name, value));
			errors.throwIfAny();
			Map<String, String> resolved = this.secrets.resolve(errors, change.apply(former), former,
					SystemSettings.OWNER);
			errors.throwIfAny();
			Map<String, String> sealed = this.secrets.seal(resolved, SystemSettings.OWNER);
			sealed.forEach((name, value) -> errors.check(value.length() <= MAX_LENGTH, "settings." + name,
					"%d characters (expected: at most %d)".formatted(value.length(), MAX_LENGTH)));
			errors.throwIfAny();
			if (!sealed.equals(former)) {
				this.table.write(sealed);
				this.audit.record(actor, "settings.update", "", SecretSettings.shown(former),
						SecretSettings.shown(sealed));
				this.changes.announce(new SettingsChanged(revision));
			}
			return revision;
		});
	}

	private static void check(FieldErrors errors, String name, @Nullable String value) {
		Setting setting = Setting.find(name);
		if (setting == null) {
			errors.add("settings." + name, "no such setting (expected: one of GET /api/settings)");
			return;
		}
		try {
			if (value != null) {
				setting.parse(SecretSettings.checkable(setting, value));
			}
		}
		catch (IllegalArgumentException ex) {
			errors.add("settings." + name, String.valueOf(ex.getMessage()));
		}
	}

}
