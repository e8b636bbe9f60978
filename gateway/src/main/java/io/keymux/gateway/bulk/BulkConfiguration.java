package io.keymux.gateway.bulk;

import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.task.TaskJob;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The jobs that change keys batch by batch. */
@Configuration(proxyBeanMethods = false)
class BulkConfiguration {

	@Bean
	TaskJob enableKeys(ProviderKeys keys) {
		return new KeyBatchJob(KeyAction.ENABLE, keys, (group, ids) -> keys.enable(group, ids, true));
	}

	@Bean
	TaskJob disableKeys(ProviderKeys keys) {
		return new KeyBatchJob(KeyAction.DISABLE, keys, (group, ids) -> keys.enable(group, ids, false));
	}

	@Bean
	TaskJob deleteKeys(ProviderKeys keys) {
		return new KeyBatchJob(KeyAction.DELETE, keys, keys::delete);
	}

	@Bean
	TaskJob restoreKeys(ProviderKeys keys) {
		return new KeyBatchJob(KeyAction.RESTORE, keys, keys::restore);
	}

}
