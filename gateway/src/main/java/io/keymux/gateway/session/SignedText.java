package io.keymux.gateway.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

import io.keymux.gateway.crypto.KeyedHasher;
import org.jspecify.annotations.Nullable;

/**
 * Signs text that someone else keeps for us, so that nobody else can write it. Every node
 * of a cluster can read what another one signed; what is signed for one purpose is
 * nothing for any other.
 */
public final class SignedText {

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	private final KeyedHasher hasher;

	SignedText(KeyedHasher hasher, String purpose) {
		this.hasher = hasher.derive(purpose);
	}

	/**
	 * Signs a text.
	 * @param text anything
	 * @return the text and its signature, in characters a cookie may have
	 */
	public String sign(String text) {
		String encoded = ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
		return encoded + "." + signature(encoded);
	}

	/**
	 * Reads a text that was signed.
	 * @param signed what {@link #sign} answered
	 * @return the text, or null if the signature is not ours
	 */
	public @Nullable String open(String signed) {
		int dot = signed.indexOf('.');
		if (dot < 0) {
			return null;
		}
		String encoded = signed.substring(0, dot);
		byte[] presented = signed.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
		return MessageDigest.isEqual(signature(encoded).getBytes(StandardCharsets.UTF_8), presented)
				? new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8) : null;
	}

	private String signature(String encoded) {
		return this.hasher.hash(encoded).text();
	}

}
