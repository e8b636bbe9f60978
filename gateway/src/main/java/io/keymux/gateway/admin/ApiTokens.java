package io.keymux.gateway.admin;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Secrets;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/** What an admin may do with API tokens; all methods block. */
@Service
public class ApiTokens {

	private static final String PREFIX = "kmt-";

	private static final int MAX_NAME = 100;

	private final ApiTokenTable table;

	private final KeyedHasher hasher;

	private final AuditLog audit;

	private final ChangeBus changes;

	ApiTokens(ApiTokenTable table, KeyedHasher hasher, AuditLog audit, ChangeBus changes) {
		this.table = table;
		this.hasher = hasher;
		this.audit = audit;
		this.changes = changes;
	}

	public List<StoredApiToken> list() {
		return this.table.findAll();
	}

	/**
	 * Finds a token that must exist.
	 * @param id its identity
	 * @return the token
	 * @throws Problem.NotFound if there is none
	 */
	public StoredApiToken get(long id) {
		return existing(id);
	}

	/**
	 * Adds a token.
	 * @param actor who wants it
	 * @param token the token
	 * @return the token, for the only time with its secret
	 */
	public IssuedApiToken create(Actor actor, ApiToken token) {
		return write(() -> {
			check(token);
			String secret = Secrets.draw(PREFIX);
			StoredApiToken stored = this.table.insert(token.withMask(Secrets.mask(secret)), this.hasher.hash(secret));
			return new IssuedApiToken(changed(actor, "token.create", null, stored), secret);
		});
	}

	/**
	 * Changes a token; writers take turns, so that none overwrites what another has just
	 * written.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version the change was made from, or null for any
	 * @param change makes the new token from the stored one
	 * @return the token as stored
	 */
	public StoredApiToken update(Actor actor, long id, @Nullable Long expectedVersion, UnaryOperator<ApiToken> change) {
		return write(() -> {
			StoredApiToken stored = existing(id);
			checkVersion(stored, expectedVersion);
			ApiToken token = change.apply(stored.token());
			if (token.equals(stored.token())) {
				return stored;
			}
			check(token);
			return changed(actor, "token.update", stored, this.table.update(token));
		});
	}

	/**
	 * Gives a token a new secret; the old one ends at once.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version that was seen, or null for any
	 * @return the token, for the only time with its secret
	 */
	public IssuedApiToken rotate(Actor actor, long id, @Nullable Long expectedVersion) {
		return write(() -> {
			StoredApiToken before = existing(id);
			checkVersion(before, expectedVersion);
			String secret = Secrets.draw(PREFIX);
			StoredApiToken after = this.table.replaceSecret(before.token().withMask(Secrets.mask(secret)),
					this.hasher.hash(secret));
			return new IssuedApiToken(changed(actor, "token.rotate", before, after), secret);
		});
	}

	/**
	 * Deletes a token.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version that was seen, or null for any
	 */
	public void delete(Actor actor, long id, @Nullable Long expectedVersion) {
		write(() -> {
			StoredApiToken stored = existing(id);
			checkVersion(stored, expectedVersion);
			this.table.delete(id);
			changed();
			this.audit.record(actor, "token.delete", stored.token().name(), stored.token(), null);
			return stored;
		});
	}

	private <T> T write(Supplier<T> write) {
		return this.changes.write(() -> {
			this.table.lock();
			return write.get();
		});
	}

	private StoredApiToken changed(Actor actor, String action, @Nullable StoredApiToken before, StoredApiToken after) {
		changed();
		this.audit.record(actor, action, after.token().name(), (before != null) ? before.token() : null, after.token());
		return after;
	}

	private void changed() {
		this.table.nextRevision();
		this.changes.announce(new ApiTokensChanged());
	}

	private StoredApiToken existing(long id) {
		return this.table.find(id)
			.orElseThrow(() -> new Problem.NotFound("API token %d does not exist.".formatted(id)));
	}

	private void check(ApiToken token) {
		FieldErrors errors = new FieldErrors();
		String name = token.name();
		errors.check(
				!name.isBlank() && name.length() <= MAX_NAME && name.equals(name.strip())
						&& name.chars().noneMatch(Character::isISOControl),
				"name", "'%s' (expected: 1 to %d characters, no white space around, no control characters)"
					.formatted(name, MAX_NAME));
		errors.checkTime("expiresAt", token.expiresAt());
		errors.throwIfAny();
		this.table.findByName(name).filter((other) -> other.token().id() != token.id()).ifPresent((_) -> {
			throw new Problem.Conflict("API token '%s' exists already.".formatted(name));
		});
	}

	private static void checkVersion(StoredApiToken stored, @Nullable Long expected) {
		if (expected != null && expected != stored.version()) {
			throw new Problem.Conflict("API token %d is at version %d (expected: %d): someone changed it meanwhile."
				.formatted(stored.token().id(), stored.version(), expected));
		}
	}

}
