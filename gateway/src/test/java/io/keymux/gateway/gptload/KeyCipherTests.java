package io.keymux.gateway.gptload;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyCipherTests {

	private final KeyCipher cipher = new KeyCipher(SampleDatabase.PASSPHRASE);

	@Test
	void opensAndHashesAKeyTheWayGptLoadDoes() {
		assertThat(this.cipher.open(SampleDatabase.SEALED)).isEqualTo(SampleDatabase.OPENED);
		assertThat(this.cipher.hash(SampleDatabase.OPENED)).isEqualTo(SampleDatabase.SEALED_HASH);
		assertThat(KeyCipher.plainHash(SampleDatabase.OPENED))
			.isEqualTo("d6e1a639e6a382ea80a16d782d05d51caf4d592dce5f0fcf3f56cc49978fc763");
	}

	@Test
	void opensNothingWithAnotherPassphraseOrADamagedText() {
		assertThat(new KeyCipher("another").open(SampleDatabase.SEALED)).isNull();
		assertThat(this.cipher.open(SampleDatabase.SEALED.replace("19bd", "19be"))).isNull();
		assertThat(this.cipher.open("19bd5383")).isNull();
		assertThat(this.cipher.open("sk-plain")).isNull();
	}

}
