package io.keymux.gateway.key;

import io.keymux.gateway.crypto.SealedColumn;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Where provider keys are sealed. Pools hold them open: sealing them anew changes none.
 */
@Configuration(proxyBeanMethods = false)
class KeyEncryption {

	@Bean
	SealedSecrets sealedProviderKeys(SecretCipher cipher, JdbcTemplate jdbc,
			PlatformTransactionManager transactionManager) {
		return new SealedColumn("provider-key",
				new SealedColumn.Columns("keymux_provider_key", "id", "secret", "secret_hash"), cipher, jdbc,
				transactionManager);
	}

}
