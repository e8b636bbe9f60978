package io.keymux.gateway.management;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Headers of proxies nobody trusts change nothing, also on platforms where Spring Boot
 * would believe them by itself.
 */
@OnH2
@TestPropertySource(properties = { "spring.main.cloud-platform=kubernetes", "keymux.proxy.trusted-proxies=" })
class ForwardedHeadersTests extends AdminContract {

	private static final List<Map<String, String>> FORGED = List.of(
			Map.of("X-Forwarded-Prefix", "/proxy", "X-Forwarded-Host", "h:8081"),
			Map.of("X-Forwarded-Prefix", "/proxy"), Map.of("X-Forwarded-Prefix", "/proxy/a/.."),
			Map.of("X-Forwarded-Host", "h:8081", "X-Forwarded-Port", "8081"),
			Map.of("Forwarded", "host=\"h:8081\";proto=https"), Map.of("X-Forwarded-For", "no-such-host"));

	@Test
	void openNoRoute() {
		for (Map<String, String> headers : FORGED) {
			for (String path : List.of("/api/groups", "/api/export", "/api/tokens", "/v3/api-docs")) {
				EntityExchangeResult<String> answer = send(HttpMethod.GET, path, null,
						(sent) -> headers.forEach(sent::set));
				assertThat(status(answer)).as("%s with %s", path, headers).isEqualTo(401);
			}
			assertThat(status(send(HttpMethod.POST, "/api/groups", "{}", (sent) -> headers.forEach(sent::set))))
				.isEqualTo(401);
			assertThat(status(send(HttpMethod.GET, "/api/groups", null, (sent) -> {
				headers.forEach(sent::set);
				sent.set(HttpHeaders.AUTHORIZATION, "Bearer " + ADMIN_KEY);
			}))).isEqualTo(200);
		}
	}

	@Test
	void hideNoGuesser() {
		List<Integer> answers = java.util.stream.IntStream.range(0, 13)
			.mapToObj((i) -> status(from("198.51.100." + i, "wrong-" + i)))
			.toList();
		assertThat(answers).endsWith(429);
	}

}
