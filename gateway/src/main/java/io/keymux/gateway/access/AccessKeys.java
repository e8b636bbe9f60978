package io.keymux.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Secrets;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/** What an operator may do with access keys; all methods block. */
@Service
public class AccessKeys {

	private static final String PREFIX = "kmx-";

	private static final Duration MAX_OVERLAP = Duration.ofDays(90);

	private final AccessKeyTable table;

	private final AccessKeyRules rules;

	private final KeyedHasher hasher;

	private final InstantSource time;

	private final AuditLog audit;

	private final ChangeBus changes;

	AccessKeys(AccessKeyTable table, AccessKeyRules rules, KeyedHasher hasher, InstantSource time, AuditLog audit,
			ChangeBus changes) {
		this.table = table;
		this.rules = rules;
		this.hasher = hasher;
		this.time = time;
		this.audit = audit;
		this.changes = changes;
	}

	public List<StoredAccessKey> list() {
		return this.table.findAll();
	}

	/**
	 * Finds an access key that must exist.
	 * @param id its identity
	 * @return the access key
	 * @throws Problem.NotFound if there is none
	 */
	public StoredAccessKey get(long id) {
		return existing(id);
	}

	/**
	 * Finds an access key by its name.
	 * @param name what people call its caller
	 * @return the access key
	 */
	public Optional<StoredAccessKey> find(String name) {
		return this.table.findByName(name);
	}

	/**
	 * Finds out whether a secret is an access key.
	 * @param secret the secret
	 * @return the access key it is
	 */
	public Optional<StoredAccessKey> findBySecret(String secret) {
		return this.table.findByHash(this.hasher.hash(secret));
	}

	/**
	 * Adds an access key.
	 * @param actor who wants it
	 * @param key the access key
	 * @param secret a secret that callers use already, or null to draw one
	 * @return the access key, for the only time with its secret
	 */
	public IssuedAccessKey create(Actor actor, AccessKey key, @Nullable String secret) {
		return write(() -> {
			this.rules.check(key);
			checkName(key);
			if (secret != null) {
				this.rules.checkSecret(secret);
			}
			String issued = (secret != null) ? secret : Secrets.draw(PREFIX);
			KeyHash hash = unused(issued);
			StoredAccessKey stored = this.table.insert(key.stored(0, Secrets.mask(issued)), hash);
			return new IssuedAccessKey(changed(actor, "access-key.create", null, stored), issued);
		});
	}

	/**
	 * Adds an access key of which only the hash is known, from an export of this
	 * database.
	 * @param actor who wants it
	 * @param key the access key, masked
	 * @param hash keyed hash of its secret
	 * @return the access key as stored
	 */
	public StoredAccessKey restore(Actor actor, AccessKey key, String hash) {
		return write(() -> {
			this.rules.check(key);
			checkName(key);
			return changed(actor, "access-key.create", null, this.table.insert(key, unused(KeyHash.parse(hash))));
		});
	}

	/**
	 * The keyed hashes of all secrets.
	 * @return hash by identity of the access key
	 */
	public Map<Long, String> hashes() {
		return this.table.findAllHashed()
			.stream()
			.collect(Collectors.toMap((stored) -> stored.key().id(), (stored) -> stored.hash().text()));
	}

	/**
	 * Changes an access key; writers take turns, so that none overwrites what another has
	 * just written.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version the change was made from, or null for any
	 * @param change makes the new access key from the stored one
	 * @return the access key as stored
	 */
	public StoredAccessKey update(Actor actor, long id, @Nullable Long expectedVersion,
			UnaryOperator<AccessKey> change) {
		return write(() -> {
			StoredAccessKey stored = existing(id);
			checkVersion(stored, expectedVersion);
			AccessKey key = change.apply(stored.key());
			if (key.equals(stored.key())) {
				return stored;
			}
			this.rules.check(key);
			checkName(key);
			return changed(actor, "access-key.update", stored, this.table.update(key));
		});
	}

	/**
	 * Gives an access key a new secret.
	 * @param actor who wants it
	 * @param id its identity
	 * @param overlap how long the old secret goes on working; zero ends it at once
	 * @return the access key, for the only time with its secret
	 */
	public IssuedAccessKey rotate(Actor actor, long id, Duration overlap) {
		if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
			throw new Problem.Invalid("overlap",
					"'%s' (expected: from 0s to %dd)".formatted(overlap, MAX_OVERLAP.toDays()));
		}
		return replaceSecret(actor, id, Secrets.draw(PREFIX), overlap);
	}

	/**
	 * Gives an access key a secret that callers use already; the old one ends at once.
	 * @param actor who wants it
	 * @param id its identity
	 * @param secret the new secret
	 * @return the access key, for the only time with its secret
	 */
	public IssuedAccessKey replaceSecret(Actor actor, long id, String secret) {
		return replaceSecret(actor, id, secret, Duration.ZERO);
	}

	private IssuedAccessKey replaceSecret(Actor actor, long id, String secret, Duration overlap) {
		return write(() -> {
			this.rules.checkSecret(secret);
			StoredAccessKey before = existing(id);
			Instant until = overlap.isZero() ? null : this.time.instant().plus(overlap);
			AccessKey key = before.key().rotated(Secrets.mask(secret), until);
			StoredAccessKey after = this.table.replaceSecret(key, unused(secret));
			return new IssuedAccessKey(changed(actor, "access-key.rotate", before, after), secret);
		});
	}

	/**
	 * Deletes an access key.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version that was seen, or null for any
	 */
	public void delete(Actor actor, long id, @Nullable Long expectedVersion) {
		write(() -> {
			StoredAccessKey stored = existing(id);
			checkVersion(stored, expectedVersion);
			this.table.delete(id);
			changed();
			this.audit.record(actor, "access-key.delete", stored.key().name(), stored.key(), null);
			return stored;
		});
	}

	private <T> T write(Supplier<T> write) {
		return this.changes.write(() -> {
			this.table.lock();
			return write.get();
		});
	}

	private StoredAccessKey changed(Actor actor, String action, @Nullable StoredAccessKey before,
			StoredAccessKey after) {
		changed();
		this.audit.record(actor, action, after.key().name(), (before != null) ? before.key() : null, after.key());
		return after;
	}

	private void changed() {
		this.table.nextRevision();
		this.changes.announce(new AccessKeysChanged());
	}

	private StoredAccessKey existing(long id) {
		return this.table.find(id)
			.orElseThrow(() -> new Problem.NotFound("Access key %d does not exist.".formatted(id)));
	}

	private void checkName(AccessKey key) {
		this.table.findByName(key.name()).filter((other) -> other.key().id() != key.id()).ifPresent((_) -> {
			throw new Problem.Conflict("Access key '%s' exists already.".formatted(key.name()));
		});
	}

	private KeyHash unused(String secret) {
		return unused(this.hasher.hash(secret));
	}

	private KeyHash unused(KeyHash hash) {
		this.table.findByHash(hash).ifPresent((other) -> {
			throw new Problem.Conflict("This key is the secret of access key '%s'.".formatted(other.key().name()));
		});
		return hash;
	}

	private static void checkVersion(StoredAccessKey stored, @Nullable Long expected) {
		if (expected != null && expected != stored.version()) {
			throw new Problem.Conflict("Access key %d is at version %d (expected: %d): someone changed it meanwhile."
				.formatted(stored.key().id(), stored.version(), expected));
		}
	}

}
