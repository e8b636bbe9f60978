package io.keymux.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.keymux.e2e.CountingProvider.Told;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records, roll-ups and a provider's own books agree, although callers leave, answers are
 * cut, one gateway is stopped and another is killed while requests run.
 */
class RecordsChaosIT {

	private static final String ADMIN_KEY = "admin-key-of-the-chaos";

	private static final String ACCESS_KEY = "access-key-of-the-chaos";

	private static final int CALLERS = 5;

	private static final Duration PHASE = Duration.ofSeconds(5);

	/** A second is promised; this machine may be busy. */
	private static final Duration LOSS = Duration.ofSeconds(3);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<Thread> callers = new ArrayList<>();

	private final AtomicInteger asked = new AtomicInteger();

	private volatile boolean stopped;

	@Test
	void recordsRollUpsAndTheProvidersBooksAgree() throws Exception {
		try (CountingProvider provider = CountingProvider.start(); MariaDbServer database = MariaDbServer.start()) {
			List<Integer> ports = List.of(FreePort.next(), FreePort.next());
			List<Map<String, String>> variables = List.of(variables(provider, database), variables(provider, database));
			try (GatewayProcess first = GatewayProcess.start("chaos-1", ports.get(0), variables.get(0)).awaitReady();
					GatewayProcess second = GatewayProcess.start("chaos-2", ports.get(1), variables.get(1))
						.awaitReady()) {
				ports.forEach(this::call);
				work();
				first.stop();
				GatewayProcess firstAgain = GatewayProcess.start("chaos-1-again", ports.get(0), variables.get(0))
					.awaitReady();
				work();
				second.kill();
				Instant killed = Instant.now();
				Set<String> begun = Set.copyOf(provider.answers().keySet());
				try (firstAgain;
						GatewayProcess secondAgain = GatewayProcess
							.start("chaos-2-again", ports.get(1), variables.get(1))
							.awaitReady()) {
					work();
					stopCalling(provider);
					compare(secondAgain, provider, new Kill(killed, Integer.toString(ports.get(1)), begun));
				}
			}
		}
	}

	private Map<String, String> variables(CountingProvider provider, MariaDbServer database) throws IOException {
		Map<String, String> variables = new HashMap<>(database.variables());
		variables.putAll(Map.of("KEYMUX_ADMIN_KEY", ADMIN_KEY, "KEYMUX_ENCRYPTION_KEY", "passphrase of the chaos",
				"KEYMUX_ACCESS_KEYS", ACCESS_KEY, "OPENAI_API_KEYS", "sk-1,sk-2,sk-3,sk-4,sk-5,sk-6", "OPENAI_BASE_URL",
				provider.url(), "KEYMUX_SETTING_ON_DISCONNECT", "drain", "KEYMUX_SETTING_COOLDOWN", "1s"));
		variables.put("KEYMUX_DATA_DIR", Files.createTempDirectory("keymux-e2e").toString());
		return variables;
	}

	private void work() {
		LockSupport.parkNanos(PHASE.toNanos());
	}

	private void call(int port) {
		for (int i = 0; i < CALLERS; i++) {
			Random random = new Random(port + i);
			this.callers.add(Thread.ofVirtual().start(() -> {
				while (!this.stopped) {
					call(port, random);
				}
			}));
		}
	}

	/** Whatever comes of it, the caller goes on. */
	private void call(int port, Random random) {
		boolean stream = random.nextInt(10) < 6;
		boolean leaves = stream && random.nextInt(10) < 4;
		String body = "{\"model\": \"%s\", \"user\": \"%d\", \"messages\": [{\"role\": \"user\", \"content\": \"Go on.\"}]%s}"
			.formatted(random.nextBoolean() ? "gpt-4o-mini" : "gpt-4.1", port, stream ? ", \"stream\": true" : "");
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%d/proxy/openai/v1/chat/completions".formatted(port)))
			.header("Authorization", "Bearer " + ACCESS_KEY)
			.header("Content-Type", "application/json")
			.header("traceparent", "00-%016x%016x-%016x-01".formatted(port, this.asked.incrementAndGet(), port))
			.timeout(Duration.ofSeconds(30))
			.POST(BodyPublishers.ofString(body))
			.build();
		try {
			HttpResponse<InputStream> answer = this.client.send(request, BodyHandlers.ofInputStream());
			try (InputStream in = answer.body()) {
				if (leaves) {
					in.readNBytes(1 + random.nextInt(400));
				}
				else {
					in.readAllBytes();
				}
			}
		}
		catch (IOException ex) {
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void stopCalling(CountingProvider provider) throws InterruptedException {
		this.stopped = true;
		for (Thread caller : this.callers) {
			assertThat(caller.join(Duration.ofSeconds(60))).isTrue();
		}
		Poll.until(Duration.ofSeconds(60), () -> provider.running() == 0, () -> "the provider to be done");
	}

	private void compare(GatewayProcess gateway, CountingProvider provider, Kill kill) {
		Map<String, Told> told = provider.answers();
		Poll.until(Duration.ofSeconds(30), () -> lost(told, byTrace(records(gateway))).stream().allMatch(kill::excuses),
				() -> "all answers but those of the killed gateway to be recorded: "
						+ lost(told, byTrace(records(gateway))));
		List<JsonNode> records = records(gateway);
		Map<String, JsonNode> recorded = byTrace(records);
		Map<String, Integer> sources = new HashMap<>();
		told.forEach((name, answer) -> {
			JsonNode record = recorded.get(answer.trace());
			if (record != null) {
				compare(name, answer, record);
				sources.merge(record.get("usageSource").asString() + "/" + record.get("end").asString(), 1,
						Integer::sum);
			}
		});
		assertThat(sources.keySet()).contains("reported/complete", "drained/cancelled", "estimated/cut");
		Sums sums = Sums.ofRecords(records);
		for (String query : List.of("", "groupBy=model", "groupBy=group,model,caller", "groupBy=group,provider-key",
				"interval=minute", "interval=hour&groupBy=caller", "interval=day&groupBy=model")) {
			assertThat(Sums.ofUsage(usage(gateway, query))).as(query).isEqualTo(sums);
		}
		System.out.printf("%d calls, %d records, %d answers begun, lost %s; %s; %s%n", this.asked.get(), records.size(),
				told.size(), lost(told, recorded), sources, sums);
	}

	private static void compare(String name, Told answer, JsonNode record) {
		String source = record.get("usageSource").asString();
		// A caller may be gone before anything has arrived, and nobody knows the name
		// then.
		assertThat(record.path("responseModel").asString(name)).isEqualTo(name);
		if (source.equals("reported") || source.equals("drained")) {
			assertThat(record.get("inputTokens").asInt()).as(name).isEqualTo(answer.input());
			assertThat(record.get("outputTokens").asInt()).as(name).isEqualTo(answer.output());
		}
		else {
			assertThat(source).as(name).isEqualTo("estimated");
			assertThat(record.get("inputTokens").asInt()).as(name).isPositive();
		}
	}

	private static Set<Lost> lost(Map<String, Told> told, Map<String, JsonNode> recorded) {
		Set<Lost> lost = new HashSet<>();
		told.forEach((name, answer) -> {
			if (!recorded.containsKey(answer.trace())) {
				lost.add(new Lost(name, answer));
			}
		});
		return lost;
	}

	/** Each call has a trace of its own. */
	private static Map<String, JsonNode> byTrace(List<JsonNode> records) {
		Map<String, JsonNode> byTrace = new HashMap<>();
		for (JsonNode record : records) {
			assertThat(byTrace.put(record.get("traceId").asString(), record)).isNull();
		}
		return byTrace;
	}

	private List<JsonNode> records(GatewayProcess gateway) {
		return get(gateway, "/api/records/export?format=ndjson").lines().map(JsonMapper.shared()::readTree).toList();
	}

	private List<JsonNode> usage(GatewayProcess gateway, String query) {
		return JsonMapper.shared().readTree(get(gateway, "/api/usage?" + query)).get("items").valueStream().toList();
	}

	private String get(GatewayProcess gateway, String path) {
		try {
			HttpResponse<String> answer = this.client.send(HttpRequest.newBuilder(gateway.uri(path))
				.header("Authorization", "Bearer " + ADMIN_KEY)
				.timeout(Duration.ofSeconds(30))
				.build(), BodyHandlers.ofString());
			assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
			return answer.body();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/** An answer no record names. */
	private record Lost(String name, Told told) {
	}

	/**
	 * The death of a gateway.
	 *
	 * @param at when
	 * @param gateway what its callers called it
	 * @param begun answers that had begun by then
	 */
	private record Kill(Instant at, String gateway, Set<String> begun) {

		/**
		 * Whether it explains a loss: what ran through that gateway, or had just ended.
		 */
		boolean excuses(Lost lost) {
			Instant ended = lost.told().toldAt();
			return lost.told().user().equals(this.gateway) && this.begun.contains(lost.name())
					&& (ended == null || ended.isAfter(this.at.minus(LOSS)));
		}

	}

	/** What records or roll-ups come to. */
	private record Sums(long requests, long errors, long input, long output, BigDecimal cost) {

		static Sums ofRecords(List<JsonNode> records) {
			long errors = records.stream().filter(Sums::failed).count();
			return new Sums(records.size(), errors, sum(records, "inputTokens"), sum(records, "outputTokens"),
					cost(records));
		}

		static Sums ofUsage(List<JsonNode> rows) {
			return new Sums(sum(rows, "requests"), sum(rows, "errors"), sum(rows, "inputTokens"),
					sum(rows, "outputTokens"), cost(rows));
		}

		private static boolean failed(JsonNode record) {
			return !Set.of("accepted", "cancelled").contains(record.get("outcome").asString())
					|| Set.of("cut", "timeout").contains(record.get("end").asString());
		}

		private static long sum(List<JsonNode> nodes, String field) {
			return nodes.stream().mapToLong((node) -> node.get(field).asLong()).sum();
		}

		private static BigDecimal cost(List<JsonNode> nodes) {
			return nodes.stream()
				.filter((node) -> !node.get("cost").isNull())
				.map((node) -> new BigDecimal(node.get("cost").asString()))
				.reduce(BigDecimal.ZERO, BigDecimal::add)
				.stripTrailingZeros();
		}

	}

}
