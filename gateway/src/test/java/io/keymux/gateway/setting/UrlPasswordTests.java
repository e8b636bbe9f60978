package io.keymux.gateway.setting;

import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UrlPasswordTests {

	@Test
	void findsTheWrittenPasswordAndNothingElse() {
		UrlPassword url = found("socks5://team:p%40ss:w0rd@proxy.example:1080");
		assertThat(url.password()).isEqualTo("p%40ss:w0rd");
		assertThat(url.sealed()).isFalse();
		assertThat(url.shown()).isEqualTo("socks5://team:***@proxy.example:1080").isEqualTo(url.toString());
		assertThat(url.text()).isEqualTo("socks5://team:p%40ss:w0rd@proxy.example:1080");
	}

	@Test
	void sealedPasswordStandsInBraces() {
		UrlPassword written = found("http://:secret@[::1]:8080");
		String stored = written.sealed("tink:0a1b2c3d:AbC/+==").text();
		assertThat(stored).isEqualTo("http://:{tink:0a1b2c3d:AbC/+==}@[::1]:8080");
		UrlPassword read = found(stored);
		assertThat(read.sealed()).isTrue();
		assertThat(read.password()).isEqualTo("tink:0a1b2c3d:AbC/+==");
		assertThat(read.opened("secret")).isEqualTo(written);
	}

	@Test
	void sealedPasswordIsFoundWhateverIsBehindIt() {
		String stored = found("http://u:secret@host:1/x@y").sealed("plain:secret").text();
		assertThat(found(stored).opened("secret").text()).isEqualTo("http://u:secret@host:1/x@y");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://proxy.example:8080", "http://user@proxy.example:8080",
			"http://user:@proxy.example:8080", "http://proxy.example:8080/a:b@c", "", "user:password@proxy" })
	void findsNoPasswordWhereThereIsNone(String url) {
		assertThat(UrlPassword.find(url)).isNull();
	}

	private static UrlPassword found(String url) {
		return Objects.requireNonNull(UrlPassword.find(url));
	}

}
