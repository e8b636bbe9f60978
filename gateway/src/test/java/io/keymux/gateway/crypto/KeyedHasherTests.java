package io.keymux.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyedHasherTests {

	private final byte[] key = Secrets.bytes(32);

	private final KeyedHasher hasher = new KeyedHasher(this.key);

	@Test
	void hashesAsHmacDoes() throws Exception {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(this.key, "HmacSHA256"));
		for (String secret : List.of("", "sk-a", "ключ", "x".repeat(1000))) {
			KeyHash expected = KeyHash.of(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
			assertThat(this.hasher.hash(secret)).isEqualTo(expected);
			assertThat(KeyHash.parse(expected.text())).isEqualTo(expected);
			assertThat(this.hasher.hash(secret).sameAs(expected)).isTrue();
		}
		assertThat(this.hasher.hash("a").sameAs(this.hasher.hash("b"))).isFalse();
	}

	@Test
	void hashesTheSameOnManyThreads() {
		KeyHash expected = this.hasher.hash("secret");
		List<KeyHash> hashes = IntStream.range(0, 100_000)
			.parallel()
			.mapToObj((_) -> this.hasher.hash("secret"))
			.distinct()
			.toList();
		assertThat(hashes).containsExactly(expected);
	}

	@Test
	void masksAllOfAShortSecretAndMostOfALongOne() {
		assertThat(Secrets.mask("sk-abcdefghijklmnopqrstuvwxyz")).isEqualTo("sk-a…wxyz");
		assertThat(Secrets.mask("password")).isEqualTo("…");
		assertThat(Secrets.mask("")).isEqualTo("…");
	}

}
