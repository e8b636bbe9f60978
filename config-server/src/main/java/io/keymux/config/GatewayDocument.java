package io.keymux.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;
import org.springframework.cloud.config.server.environment.EnvironmentRepository;

/** The document the gateways ask for, read as they read it. */
class GatewayDocument {

	private final ServedDocuments documents;

	private final Map<String, EnvironmentRepository> backends;

	private final String profiles;

	GatewayDocument(ServedDocuments documents, Map<String, EnvironmentRepository> backends, String profiles) {
		this.documents = documents;
		this.backends = new TreeMap<>(backends);
		this.profiles = profiles;
	}

	Set<String> backends() {
		return this.backends.keySet();
	}

	Reading read() {
		try {
			return Reading.of(fingerprint(this.documents.findOne(ServedDocuments.GATEWAY, this.profiles, null)));
		}
		catch (DocumentRefused ex) {
			return Reading.refused(ex.reason(), failedBackends());
		}
	}

	private Set<String> failedBackends() {
		Set<String> failed = new TreeSet<>();
		this.backends.forEach((name, backend) -> {
			try {
				backend.findOne(ServedDocuments.GATEWAY, this.profiles, null);
			}
			catch (RuntimeException _) {
				failed.add(name);
			}
		});
		return failed;
	}

	/**
	 * Over names and values in their order, not over commits or ciphertexts: what reads
	 * the same is the same.
	 */
	private static String fingerprint(Environment document) {
		MessageDigest digest = sha256();
		for (PropertySource source : document.getPropertySources()) {
			digest.update((byte) 0);
			source.getSource().forEach((name, value) -> {
				add(digest, name);
				add(digest, value);
			});
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static void add(MessageDigest digest, Object part) {
		byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
		digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
		digest.update(bytes);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
