package io.keymux.gateway.admin;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.cluster.Revisions;
import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Credentials by the hash of their key; those of tokens are replaced as a whole when API
 * tokens change.
 */
@Component
class Administrators implements Voucher, Replica, SmartLifecycle {

	/** Before anything serves. */
	private static final int PHASE = -50;

	private final AdminKey adminKey;

	private final ApiTokenTable table;

	private final KeyedHasher fingerprints;

	private final InstantSource time;

	private final Credential admin;

	private volatile Map<KeyHash, Credential> tokens = Map.of();

	private volatile Map<String, Administrator> known = Map.of();

	private final Revisions revisions;

	private volatile long revision;

	private volatile boolean running;

	Administrators(AdminKey adminKey, ApiTokenTable table, Revisions revisions, KeyedHasher hasher,
			InstantSource time) {
		this.revisions = revisions;
		this.adminKey = adminKey;
		this.table = table;
		this.fingerprints = hasher.derive("credential");
		this.time = time;
		this.admin = new Credential(new Administrator("admin", Role.ADMIN, Actor.Kind.ADMIN_KEY),
				fingerprint("admin-key", adminKey.hash()), null);
	}

	/**
	 * Looks at the admin key and at the tokens whatever the first answers, so that time
	 * does not tell one from the other.
	 */
	@Nullable Credential find(KeyHash presented) {
		boolean isAdminKey = this.adminKey.hash().sameAs(presented);
		Credential token = this.tokens.get(presented);
		Credential found = isAdminKey ? this.admin : token;
		return (found != null && found.usable(this.time.instant())) ? found : null;
	}

	@Override
	public @Nullable Administrator vouchFor(String fingerprint, Administrator claimed) {
		return this.admin.fingerprint().equals(fingerprint) ? this.admin.administrator() : this.known.get(fingerprint);
	}

	/** One at a time: who reads last has seen every change before. */
	@Override
	@EventListener(ApiTokensChanged.class)
	public synchronized void reload() {
		long next = this.revisions.read(name());
		Map<KeyHash, Credential> loaded = new HashMap<>();
		for (ApiTokenTable.Hashed hashed : this.table.findAllHashed()) {
			ApiToken token = hashed.stored().token();
			if (token.enabled()) {
				String version = "token %d version %d".formatted(token.id(), hashed.stored().version());
				loaded.put(hashed.hash(),
						new Credential(new Administrator(token.name(), token.role(), Actor.Kind.TOKEN),
								fingerprint(version, hashed.hash()), token.expiresAt()));
			}
		}
		this.tokens = Map.copyOf(loaded);
		this.known = loaded.values()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Credential::fingerprint, Credential::administrator));
		this.revision = next;
	}

	@Override
	public String name() {
		return "api-tokens";
	}

	@Override
	public long revision() {
		return this.revision;
	}

	@Override
	public void start() {
		reload();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private String fingerprint(String what, KeyHash hash) {
		return this.fingerprints.hash(what + " " + hash.text()).text();
	}

}
