package io.keymux.gateway.session;

import io.keymux.gateway.crypto.SealedColumn;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Where the key is sealed that signs the cookies of logins. */
@Configuration(proxyBeanMethods = false)
class SessionEncryption {

	@Bean
	SealedSecrets sealedSessionKey(SecretCipher cipher, JdbcTemplate jdbc,
			PlatformTransactionManager transactionManager) {
		return new SealedColumn("session-key",
				new SealedColumn.Columns("keymux_session_key", "id", "secret", "'" + SessionSigner.CONTEXT + "'"),
				cipher, jdbc, transactionManager);
	}

}
