package io.keymux.gateway.access;

/**
 * An access key at the only moment its secret is known.
 *
 * @param stored the access key as stored
 * @param secret what the caller presents
 */
public record IssuedAccessKey(StoredAccessKey stored, String secret) {

	@Override
	public String toString() {
		return "IssuedAccessKey[id=" + this.stored.key().id() + "]";
	}

}
