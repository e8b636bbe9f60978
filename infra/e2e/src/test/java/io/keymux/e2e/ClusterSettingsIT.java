package io.keymux.e2e;

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
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings and other changes on three gateways with a config server, RabbitMQ and
 * MariaDB, each a process, while callers go on asking: no request fails, whatever
 * changes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterSettingsIT {

	private static final String ADMIN_KEY = "admin-key-of-the-cluster";

	private static final String ACCESS_KEY = "access-key-of-the-cluster";

	/** What the issue promises for a change that is told of. */
	private static final Duration TOLD = Duration.ofSeconds(2);

	/** What it promises for one that nobody told of. */
	private static final Duration FOUND_OUT = Duration.ofSeconds(15);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final List<GatewayProcess> gateways = new ArrayList<>();

	private final List<Map<String, String>> variables = new ArrayList<>();

	private final Load load = new Load(ACCESS_KEY);

	@SuppressWarnings("NullAway.Init") // set before all tests
	private RabbitMq broker;

	@SuppressWarnings("NullAway.Init") // set before all tests
	private ConfigServerProcess configServer;

	@BeforeAll
	void startAll() throws Exception {
		this.broker = open(RabbitMq.start());
		Provider provider = open(Provider.start());
		MariaDbServer database = open(MariaDbServer.start());
		Map<String, String> shared = new HashMap<>(database.variables());
		shared.putAll(this.broker.variables());
		this.configServer = open(ConfigServerProcess.start(shared));
		this.configServer.write("keymux.settings.probe-timeout: 11s\n");
		shared.putAll(this.configServer.nodeVariables());
		shared.putAll(Map.of("SPRING_PROFILES_ACTIVE", "cluster", "KEYMUX_ADMIN_KEY", ADMIN_KEY,
				"KEYMUX_ENCRYPTION_KEY", "passphrase of the cluster", "KEYMUX_ACCESS_KEYS", ACCESS_KEY,
				"OPENAI_API_KEYS", "sk-one,sk-two", "OPENAI_BASE_URL", provider.url()));
		for (int i = 0; i < 3; i++) {
			Map<String, String> own = new HashMap<>(shared);
			own.put("KEYMUX_DATA_DIR", Files.createTempDirectory("keymux-e2e").toString());
			own.put("KEYMUX_NODE_NAME", "gateway-" + (i + 1));
			this.variables.add(own);
			this.gateways.add(open(GatewayProcess.start("cluster-" + (i + 1), FreePort.next(), own)));
			if (i == 0) {
				// The first one makes the tables.
				this.gateways.getFirst().awaitReady();
			}
		}
		this.configServer.awaitReady();
		for (int i = 0; i < 3; i++) {
			this.gateways.get(i).awaitReady();
			this.load.on(i, this.gateways.get(i).uri("/"));
		}
		awaitSetting("probe-timeout", "11s", Duration.ofSeconds(30));
	}

	private <T extends AutoCloseable> T open(T resource) {
		this.opened.add(resource);
		return resource;
	}

	@AfterAll
	void stopAll() throws Exception {
		this.load.close();
		for (AutoCloseable resource : this.opened.reversed()) {
			resource.close();
		}
		this.client.close();
	}

	@AfterEach
	void noRequestFailed() {
		assertThat(this.load.failures()).isEmpty();
	}

	@Test
	void settingWrittenThroughTheApiIsInForceOnEveryNode() {
		int before = this.load.answers();
		List<Duration> took = new ArrayList<>();
		for (int round = 0; round <= 5; round++) {
			took.add(
					change(round % 3, "{\"cooldown\": \"%ds\"}".formatted(30 + round), "cooldown", (30 + round) + "s"));
		}
		System.out.printf("Settings written through the API were in force on three nodes after %s%n", took);
		// The first finds programs that have just started, on a machine they share.
		assertThat(took.subList(1, 6).stream().sorted().toList().get(2)).isLessThan(TOLD);
		assertThat(this.load.answers()).isGreaterThan(before);
		assertThat(this.load.streams()).isPositive();
	}

	@Test
	void transportSettingChangesUnderRequestsInFlight() {
		for (int round = 1; round <= 4; round++) {
			change(0, "{\"connect-timeout\": \"%ds\"}".formatted(5 + round), "connect-timeout", (5 + round) + "s");
		}
	}

	@Test
	void fileAndBusRefreshAreInForceOnEveryNode() {
		List<Duration> took = new ArrayList<>();
		for (String value : List.of("21s", "22s", "12s")) {
			this.configServer.write("keymux.settings.probe-timeout: %s%n".formatted(value));
			Instant start = Instant.now();
			HttpResponse<String> answer = send("POST", this.gateways.get(1).managementUri("/actuator/busrefresh"),
					null);
			assertThat(answer.statusCode()).isEqualTo(204);
			awaitSetting("probe-timeout", value, FOUND_OUT);
			took.add(Duration.between(start, Instant.now()));
		}
		System.out.printf("Files and busrefresh were in force on three nodes after %s%n", took);
		assertThat(took.stream().sorted().toList().get(1)).isLessThan(TOLD);
		assertThat(setting(2, "probe-timeout").path("tier").asString()).isEqualTo("system");
		assertThat(setting(2, "probe-timeout").path("source").asString()).contains("keymux-gateway.yaml");
	}

	@Test
	void fileAloneIsFoundOut() {
		this.configServer.write("keymux.settings.probe-timeout: 13s\n");
		awaitSetting("probe-timeout", "13s", FOUND_OUT);
	}

	@Test
	void brokerThatWasAwayIsMadeUpFor() {
		this.broker.fail();
		manage(0, "PATCH", "/api/settings", "{\"probe-interval\": \"61s\"}");
		manage(1, "POST", "/api/groups/openai/keys", "{\"keys\": [\"sk-while-away\"]}");
		JsonNode caller = manage(2, "POST", "/api/access-keys", "{\"name\": \"while-away\"}");
		this.broker.recover();
		Instant back = Instant.now();
		awaitSetting("probe-interval", "61s", FOUND_OUT);
		awaitUpToDate(FOUND_OUT);
		System.out.printf("All was made up for %s after the return of the broker%n",
				Duration.between(back, Instant.now()));
		String key = caller.path("key").asString();
		for (GatewayProcess gateway : this.gateways) {
			assertThat(chat(gateway, key).statusCode()).isEqualTo(200);
		}
		awaitTold();
	}

	@Test
	void secretsThatEndedEndOnEveryNode() {
		JsonNode caller = manage(0, "POST", "/api/access-keys", "{\"name\": \"leaver\"}");
		String key = caller.path("key").asString();
		Poll.until(FOUND_OUT,
				() -> this.gateways.stream().allMatch((gateway) -> chat(gateway, key).statusCode() == 200),
				() -> "the access key to work everywhere");
		JsonNode token = manage(1, "POST", "/api/tokens", "{\"name\": \"leaver\", \"role\": \"viewer\"}");
		String secret = token.path("secret").asString();
		Poll.until(FOUND_OUT, () -> this.gateways.stream().allMatch((gateway) -> asked(gateway, secret) == 200),
				() -> "the token to work everywhere");
		manage(2, "DELETE", "/api/access-keys/" + caller.path("id").asLong(), null);
		manage(0, "DELETE", "/api/tokens/" + token.path("id").asLong(), null);
		Poll.until(FOUND_OUT,
				() -> this.gateways.stream()
					.allMatch((gateway) -> chat(gateway, key).statusCode() == 401 && asked(gateway, secret) == 401),
				() -> "both to end everywhere");
	}

	@Test
	void invalidValueChangesNothingAnywhere() {
		HttpResponse<String> refused = ask(0, "PATCH", "/api/settings",
				"{\"cooldown\": \"20s\", \"max-attempts\": \"many\"}");
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(refused.body()).contains("settings.max-attempts", "many", "whole number from 1 to 100");
		String before = setting(1, "slow-start").path("value").asString();
		this.configServer.write("keymux.settings:\n  probe-timeout: 14s\n  slow-start: soon\n");
		send("POST", this.gateways.get(0).managementUri("/actuator/busrefresh"), null);
		Poll.until(FOUND_OUT, () -> this.gateways.stream().allMatch((gateway) -> warning(gateway).contains("'soon'")),
				() -> "every node to refuse the file");
		for (int i = 0; i < 3; i++) {
			assertThat(setting(i, "probe-timeout").path("value").asString()).isNotEqualTo("14s");
			assertThat(setting(i, "slow-start").path("value").asString()).isEqualTo(before);
			assertThat(setting(i, "cooldown").path("value").asString()).isNotEqualTo("20s");
			String health = send("GET", this.gateways.get(i).managementUri("/actuator/health"), null).body();
			assertThat(health).contains("WARNING", "slow-start", "'soon'");
		}
		this.configServer.write("keymux.settings.probe-timeout: 15s\n");
		awaitSetting("probe-timeout", "15s", FOUND_OUT);
		for (GatewayProcess gateway : this.gateways) {
			assertThat(warning(gateway)).isEmpty();
		}
	}

	@Test
	void brokenFileKeepsTheLastGoodSettings() {
		String before = setting(0, "probe-timeout").path("value").asString();
		this.configServer.write("keymux.settings: {probe-timeout: [\n");
		send("POST", this.gateways.get(2).managementUri("/actuator/busrefresh"), null);
		Poll.until(FOUND_OUT, () -> this.gateways.stream().noneMatch((gateway) -> warning(gateway).isEmpty()),
				() -> "every node to warn");
		for (int i = 0; i < 3; i++) {
			assertThat(setting(i, "probe-timeout").path("value").asString()).isEqualTo(before);
		}
		this.configServer.write("keymux.settings.probe-timeout: 16s\n");
		awaitSetting("probe-timeout", "16s", FOUND_OUT);
	}

	@Test
	void nodeStartsWithItsLastGoodSettingsAndJoinsLater() {
		change(0, "{\"max-attempts\": 9}", "max-attempts", "9");
		this.configServer.fail();
		this.load.off(2);
		this.gateways.get(2).close();
		GatewayProcess again = open(GatewayProcess.start("cluster-3-again", FreePort.next(), this.variables.get(2)));
		again.awaitReady();
		this.gateways.set(2, again);
		assertThat(setting(2, "max-attempts").path("value").asString()).isEqualTo("9");
		assertThat(warning(again)).isNotEmpty();
		assertThat(chat(again, ACCESS_KEY).statusCode()).isEqualTo(200);
		this.configServer.recover();
		Poll.until(FOUND_OUT, () -> warning(again).isEmpty(), () -> "the node to join");
		this.load.on(2, again.uri("/"));
		awaitTold();
	}

	/** Changes are told of again, not only found out. */
	private void awaitTold() {
		Poll.until(Duration.ofSeconds(30), () -> {
			String value = "%ds".formatted(100 + (System.nanoTime() / 1_000_000) % 800);
			return change(0, "{\"probe-interval\": \"%s\"}".formatted(value), "probe-interval", value)
				.compareTo(TOLD) < 0;
		}, () -> "the bus to work again");
	}

	private Duration change(int gateway, String patch, String name, String value) {
		Instant start = Instant.now();
		manage(gateway, "PATCH", "/api/settings", patch);
		awaitSetting(name, value, FOUND_OUT);
		return Duration.between(start, Instant.now());
	}

	private void awaitSetting(String name, String value, Duration bound) {
		Poll.until(bound, () -> {
			for (int i = 0; i < 3; i++) {
				if (!setting(i, name).path("value").asString().equals(value)) {
					return false;
				}
			}
			return true;
		}, () -> "%s to be %s everywhere: %s, %s, %s".formatted(name, value, setting(0, name), setting(1, name),
				setting(2, name)));
	}

	private void awaitUpToDate(Duration bound) {
		Poll.until(bound, () -> {
			List<JsonNode> live = manage(0, "GET", "/api/nodes", null).path("items")
				.valueStream()
				.filter((node) -> node.path("live").asBoolean())
				.toList();
			return live.size() == 3 && live.stream().allMatch((node) -> node.path("behind").isEmpty());
		}, () -> "every node to be up to date: " + manage(0, "GET", "/api/nodes", null));
	}

	private JsonNode setting(int gateway, String name) {
		return manage(gateway, "GET", "/api/settings", null).path("items")
			.valueStream()
			.filter((item) -> item.path("name").asString().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private String warning(GatewayProcess gateway) {
		return json(send("GET", gateway.uri("/api/settings"), null)).path("warning").asString("");
	}

	private HttpResponse<String> chat(GatewayProcess gateway, String accessKey) {
		return sendAs(accessKey, "POST", gateway.uri("/proxy/openai/v1/chat/completions"), "{\"model\": \"m\"}");
	}

	private int asked(GatewayProcess gateway, String token) {
		return sendAs(token, "GET", gateway.uri("/api/groups"), null).statusCode();
	}

	private JsonNode manage(int gateway, String method, String path, @Nullable String body) {
		HttpResponse<String> answer = ask(gateway, method, path, body);
		assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isLessThan(300);
		return answer.body().isEmpty() ? JsonMapper.shared().createObjectNode() : json(answer);
	}

	private HttpResponse<String> ask(int gateway, String method, String path, @Nullable String body) {
		return send(method, this.gateways.get(gateway).uri(path), body);
	}

	private HttpResponse<String> send(String method, URI uri, @Nullable String body) {
		return sendAs(ADMIN_KEY, method, uri, body);
	}

	private HttpResponse<String> sendAs(String key, String method, URI uri, @Nullable String body) {
		try {
			return this.client.send(HttpRequest.newBuilder(uri)
				.header("Authorization", "Bearer " + key)
				.header("Content-Type", "application/json")
				.timeout(Duration.ofSeconds(30))
				.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
				.build(), BodyHandlers.ofString());
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	private static JsonNode json(HttpResponse<String> answer) {
		return JsonMapper.shared().readTree(answer.body());
	}

}
