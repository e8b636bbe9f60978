package io.keymux.gateway.admin;

/**
 * An API token at the only moment its secret is known.
 *
 * @param stored the token as stored
 * @param secret what its holder presents
 */
public record IssuedApiToken(StoredApiToken stored, String secret) {

	@Override
	public String toString() {
		return "IssuedApiToken[id=" + this.stored.token().id() + "]";
	}

}
