package io.keymux.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.cloud.config.server.encryption.TextEncryptorLocator;
import org.springframework.cloud.config.server.environment.EnvironmentRepository;
import org.springframework.cloud.config.server.environment.NativeEnvironmentRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Puts the backends together, and the watch over them. */
@Configuration(proxyBeanMethods = false)
class ConfigServerWiring {

	@Bean
	@Primary
	ServedDocuments servedDocuments(List<EnvironmentRepository> backends,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<TextEncryptorLocator> encryptors) {
		return new ServedDocuments(backends, observations.getIfAvailable(() -> ObservationRegistry.NOOP),
				new Decryption(encryptors.getIfAvailable()));
	}

	@Bean
	DocumentWatch documentWatch(ServedDocuments documents, ObjectProvider<EnvironmentRepository> backends,
			ObjectProvider<ChangePublisher> publisher, ConfigServerProperties properties) {
		Map<String, EnvironmentRepository> named = backends.stream()
			.filter((backend) -> backend != documents)
			.collect(Collectors.toMap(ConfigServerWiring::name, Function.identity()));
		GatewayDocument document = new GatewayDocument(documents, named, properties.profiles());
		return new DocumentWatch(document, publisher.getIfAvailable(), properties.watchInterval());
	}

	private static String name(EnvironmentRepository backend) {
		if (backend instanceof SettingRows) {
			return "rows";
		}
		return (backend instanceof NativeEnvironmentRepository) ? "native" : "git";
	}

	@Bean
	HealthIndicator documentHealthIndicator(DocumentWatch watch) {
		return new DocumentHealth(watch);
	}

	@Bean
	CompositeHealthContributor backendsHealthContributor(DocumentWatch watch) {
		return CompositeHealthContributor.fromMap(watch.backends()
			.stream()
			.collect(Collectors.toMap(Function.identity(), (name) -> new BackendHealth(watch, name))));
	}

}
