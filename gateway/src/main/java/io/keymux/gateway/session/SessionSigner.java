package io.keymux.gateway.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.SealingRefused;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.crypto.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes what signs the cookies of logins. Its key is stored sealed: whoever has a copy of
 * an encrypted database alone can sign nothing.
 */
@Component
public class SessionSigner {

	static final String CONTEXT = "session key";

	private static final Logger logger = LoggerFactory.getLogger(SessionSigner.class);

	private final KeyedHasher hasher;

	SessionSigner(JdbcClient jdbc, SecretCipher cipher) {
		this.hasher = new KeyedHasher(key(jdbc, cipher).getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Signs for one purpose.
	 * @param purpose what the text is for
	 * @return signs texts that every node with the encryption key can read
	 */
	public SignedText signs(String purpose) {
		return new SignedText(this.hasher, purpose);
	}

	/** Without the encryption key a node still lets people in, until it ends. */
	private static String key(JdbcClient jdbc, SecretCipher cipher) {
		String own = Secrets.draw("");
		Optional<String> stored = find(jdbc);
		if (stored.isEmpty()) {
			try {
				jdbc.sql("insert into keymux_session_key (id, secret) values (1, ?)")
					.param(cipher.seal(own, CONTEXT))
					.update();
				return own;
			}
			catch (DuplicateKeyException ex) {
				stored = find(jdbc);
			}
			catch (SealingRefused refused) {
				// as if there were one that cannot be opened
			}
		}
		String key = stored.map((sealed) -> cipher.openOrNull(sealed, CONTEXT)).orElse(null);
		if (key == null) {
			logger.warn("Logins at this node hold at this node alone, until it ends: their key is sealed with an "
					+ "encryption key it does not have");
			return own;
		}
		return key;
	}

	private static Optional<String> find(JdbcClient jdbc) {
		return jdbc.sql("select secret from keymux_session_key where id = 1").query(String.class).optional();
	}

}
