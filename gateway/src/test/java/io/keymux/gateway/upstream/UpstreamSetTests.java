package io.keymux.gateway.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.testkit.TestTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UpstreamSetTests {

	private final TestTime time = new TestTime();

	@Test
	void weightsAreMetExactlyAndSmoothly() {
		UpstreamSet set = set(Map.of("http://a", 5, "http://b", 1, "http://c", 1), 5, Duration.ZERO);
		List<String> chosen = select(set, 7);
		assertThat(chosen.stream().filter("http://a"::equals)).hasSize(5);
		assertThat(String.join(",", chosen)).doesNotContain("http://a,http://a,http://a,http://a");
	}

	@Test
	void upstreamIsEjectedAfterConsecutiveFailuresAndReturnsAfterTenSeconds() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1), 3, Duration.ZERO);
		fail(set, "http://a", 3);
		assertThat(set.ejected()).containsExactly("http://a");
		assertThat(select(set, 4)).containsOnly("http://b");
		this.time.pass(Duration.ofSeconds(10));
		assertThat(select(set, 4)).contains("http://a", "http://b");
	}

	@Test
	void ejectionsOfTheSameUpstreamDouble() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1), 1, Duration.ZERO);
		for (int seconds : new int[] { 10, 20, 40, 80, 160, 300, 300 }) {
			fail(set, "http://a", 1);
			this.time.pass(Duration.ofSeconds(seconds - 1));
			assertThat(set.ejected()).containsExactly("http://a");
			this.time.pass(Duration.ofSeconds(1));
			assertThat(set.ejected()).isEmpty();
		}
	}

	@Test
	void successResetsTheCount() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1), 2, Duration.ZERO);
		fail(set, "http://a", 1);
		set.succeeded(find(set, "http://a"));
		fail(set, "http://a", 1);
		assertThat(set.ejected()).isEmpty();
	}

	@Test
	void neverMoreThanHalfAreEjected() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1, "http://c", 1), 1, Duration.ZERO);
		fail(set, "http://a", 1);
		fail(set, "http://b", 5);
		assertThat(set.ejected()).containsExactly("http://a");
		UpstreamSet alone = set(Map.of("http://a", 1), 1, Duration.ZERO);
		fail(alone, "http://a", 10);
		assertThat(alone.ejected()).isEmpty();
	}

	@Test
	void failedUpstreamIsAvoidedWhileAnotherIsLeft() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1), 5, Duration.ZERO);
		Upstream a = find(set, "http://a");
		Upstream b = find(set, "http://b");
		for (int i = 0; i < 4; i++) {
			assertThat(set.select(List.of(a))).isSameAs(b);
		}
		assertThat(set.select(List.of(a, b))).isNotNull();
		assertThat(set.hasOther(List.of(a))).isTrue();
		assertThat(set.hasOther(List.of(a, b))).isFalse();
	}

	@Test
	void upstreamWithoutWeightIsNeverSelected() {
		assertThat(select(set(Map.of("http://a", 0, "http://b", 1), 5, Duration.ZERO), 4)).containsOnly("http://b");
		assertThat(set(Map.of("http://a", 0), 5, Duration.ZERO).select(List.of())).isNull();
	}

	@Test
	void restoredUpstreamGrowsToItsShare() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1), 1, Duration.ofSeconds(100));
		assertThat(count(set, 100)).containsEntry("http://a", 50);
		fail(set, "http://a", 1);
		this.time.pass(Duration.ofSeconds(10 + 10));
		assertThat(count(set, 110).get("http://a")).isBetween(9, 11);
		this.time.pass(Duration.ofSeconds(90));
		assertThat(count(set, 100).get("http://a")).isBetween(49, 51);
	}

	@Test
	void newSetCarriesOnWhatTheFormerLearned() {
		UpstreamSet set = set(Map.of("http://a", 1, "http://b", 1), 1, Duration.ZERO);
		fail(set, "http://a", 1);
		UpstreamSet next = UpstreamSet.of(Map.of("http://a", 3, "http://c", 1), 1, Duration.ZERO, this.time, set);
		assertThat(next.ejected()).containsExactly("http://a");
	}

	@Test
	void targetsKeepPathAndQueryByteForByte() {
		Upstream upstream = find(set(Map.of("https://host:8443/base/", 1), 5, Duration.ZERO), "https://host:8443/base");
		assertThat(upstream.target("/v1/a%2Fb", "x=%20&x=&y")).isEqualTo("/base/v1/a%2Fb?x=%20&x=&y");
		assertThat(upstream.target("/v1", null)).isEqualTo("/base/v1");
		assertThat(upstream.hostHeader()).isEqualTo("host:8443");
	}

	private UpstreamSet set(Map<String, Integer> weights, int threshold, Duration slowStart) {
		return UpstreamSet.of(new LinkedHashMap<>(weights), threshold, slowStart, this.time, null);
	}

	private static List<String> select(UpstreamSet set, int times) {
		List<String> chosen = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			chosen.add(Objects.requireNonNull(set.select(List.of())).url());
		}
		return chosen;
	}

	private static Map<String, Integer> count(UpstreamSet set, int times) {
		Map<String, Integer> counts = new HashMap<>();
		select(set, times).forEach((url) -> counts.merge(url, 1, Integer::sum));
		return counts;
	}

	private static Upstream find(UpstreamSet set, String url) {
		return set.list().stream().filter((upstream) -> upstream.url().equals(url)).findFirst().orElseThrow();
	}

	private static void fail(UpstreamSet set, String url, int times) {
		for (int i = 0; i < times; i++) {
			set.failed(find(set, url));
		}
	}

}
