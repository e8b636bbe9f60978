package io.keymux.gateway.access;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PresentedKeyTests {

	@ParameterizedTest
	@CsvSource({ "Authorization,Bearer ak-1", "authorization,bearer  ak-1", "x-api-key,ak-1", "X-Goog-Api-Key,ak-1",
			"Sec-WebSocket-Protocol,'realtime, openai-insecure-api-key.ak-1, openai-beta.realtime-v1'" })
	void isFoundInEveryHeaderAnSdkPutsItIn(String name, String value) {
		HttpHeaders headers = new DefaultHttpHeaders().set(name, value);
		assertThat(PresentedKey.find(headers::get, null).value()).isEqualTo("ak-1");
	}

	@Test
	void isFoundInTheQuery() {
		assertThat(PresentedKey.find(new DefaultHttpHeaders()::get, "alt=sse&key=ak%2D1").value()).isEqualTo("ak-1");
		assertThat(PresentedKey.find(new DefaultHttpHeaders()::get, "monkey=ak-1").value()).isNull();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "key=a,-", "key=a&b=1,b=1", "b=1&key=a,b=1", "b=%20&key=a&&c,b=%20&&c",
			"monkey=1&keys=2,monkey=1&keys=2", "a=+&b=%2B,a=+&b=%2B", "-,-", "key,-", "x=key=1,x=key=1" })
	void leavesTheRestOfTheQueryByteForByte(@Nullable String query, @Nullable String rest) {
		assertThat(PresentedKey.strip(query)).isEqualTo(rest);
	}

	@Test
	void neverPrintsItsValue() {
		assertThat(PresentedKey.find(new DefaultHttpHeaders().set("x-api-key", "ak-secret")::get, null).toString())
			.doesNotContain("ak-secret");
	}

}
