package io.keymux.gateway.setting;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.Resealing;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** The secret parts of system settings, for whoever changes the encryption key. */
@Component
class SealedSettings implements SealedSecrets {

	private final SettingTable table;

	private final SecretSettings secrets;

	private final SecretCipher cipher;

	private final ChangeBus changes;

	SealedSettings(SettingTable table, SecretSettings secrets, SecretCipher cipher, ChangeBus changes) {
		this.table = table;
		this.secrets = secrets;
		this.cipher = cipher;
		this.changes = changes;
	}

	@Override
	public String kind() {
		return "system-setting";
	}

	@Override
	public Map<String, Long> countByKey() {
		Map<String, Long> counts = new TreeMap<>();
		SecretSettings.count(this.table.read().values(), (keyId) -> counts.merge(keyId, 1L, Long::sum));
		return counts;
	}

	/** There are few: all of them are one batch. */
	@Override
	public Batch resealNext(@Nullable String after, int limit) {
		return Objects.requireNonNull(this.changes.write(() -> {
			Map<String, String> former = this.table.values();
			Resealing resealing = this.cipher.resealing();
			if (this.secrets.reseal(former, SystemSettings.OWNER, resealing).equals(former)) {
				return new Batch(null, 0, resealing.unreadable());
			}
			// Now that there is something to do, one after the other.
			long revision = this.table.next();
			Map<String, String> locked = this.table.values();
			Resealing again = this.cipher.resealing();
			this.table.write(this.secrets.reseal(locked, SystemSettings.OWNER, again));
			this.changes.announce(new SettingsChanged(revision));
			return new Batch(null, again.resealed(), again.unreadable());
		}));
	}

}
