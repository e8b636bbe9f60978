package io.keymux.gateway.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.access.AccessKeys;
import io.keymux.gateway.access.IssuedAccessKey;
import io.keymux.gateway.access.StoredAccessKey;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.problem.Problem;

/** Takes the access keys of a document, by name. */
final class AccessKeyImport {

	private final AccessKeys keys;

	private final Actor actor;

	private final boolean issues;

	private final boolean hashesFit;

	private final List<ImportResult.Issued> issued = new ArrayList<>();

	AccessKeyImport(AccessKeys keys, Actor actor, boolean issues, boolean hashesFit) {
		this.keys = keys;
		this.actor = actor;
		this.issues = issues;
		this.hashesFit = hashesFit;
	}

	List<ImportResult.Issued> issued() {
		return this.issued;
	}

	void write(ConfigurationDocument.AccessKeyEntry entry) {
		NewAccessKey wanted = entry.key();
		AccessKey key = wanted.body().accessKey(0, "", null);
		Optional<StoredAccessKey> stored = this.keys.find(key.name());
		if (stored.isPresent()) {
			update(stored.get(), wanted);
		}
		else {
			create(entry, key);
		}
	}

	private void update(StoredAccessKey stored, NewAccessKey wanted) {
		long id = stored.key().id();
		this.keys.update(this.actor, id, null,
				(present) -> wanted.body().accessKey(id, present.masked(), present.previousUntil()));
		String secret = wanted.key();
		if (secret != null && this.keys.findBySecret(secret).filter((same) -> same.key().id() == id).isEmpty()) {
			this.keys.replaceSecret(this.actor, id, secret);
		}
	}

	private void create(ConfigurationDocument.AccessKeyEntry entry, AccessKey key) {
		String secret = entry.key().key();
		String hash = entry.hash();
		if (secret == null && hash != null && this.hashesFit) {
			String masked = entry.masked();
			this.keys.restore(this.actor, key.stored(0, (masked != null) ? masked : "…"), hash);
			return;
		}
		if (secret == null && !this.issues) {
			throw new Problem.Invalid("key",
					"missing (expected: the key callers present, as nobody would see a new one)");
		}
		IssuedAccessKey created = this.keys.create(this.actor, key, secret);
		if (secret == null) {
			this.issued.add(new ImportResult.Issued(key.name(), created.secret()));
		}
	}

}
