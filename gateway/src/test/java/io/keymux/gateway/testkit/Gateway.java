package io.keymux.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.keymux.gateway.GatewayApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The real application, started once for all tests of a JVM, and its management API. */
public final class Gateway {

	private static final String ADMIN_KEY = "admin-key-of-the-tests";

	/** An access key that opens every group. */
	public static final String ACCESS_KEY = "km-access-key-of-the-tests";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newHttpClient();

	private final AtomicInteger counter = new AtomicInteger();

	private final int port;

	private final int managementPort;

	private Gateway(int port, int managementPort) {
		this.port = port;
		this.managementPort = managementPort;
	}

	/**
	 * The gateway of this JVM.
	 * @return started when first asked for
	 */
	public static Gateway running() {
		return Running.GATEWAY;
	}

	@SuppressWarnings("resource") // lives as long as the JVM, which closes it
	private static Gateway start() {
		try {
			ConfigurableApplicationContext context = new SpringApplicationBuilder(GatewayApplication.class).run(
					"--server.port=0", "--management.server.port=0", "--spring.main.banner-mode=off",
					"--spring.datasource.url=jdbc:h2:mem:keymux-testkit;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1",
					"--keymux.data-dir=" + Files.createTempDirectory("keymux-testkit"),
					"--keymux.admin-key=" + ADMIN_KEY);
			Gateway gateway = new Gateway(port(context, "local.server.port"), port(context, "local.management.port"));
			gateway.accessKey(Map.of("name", "testkit", "key", ACCESS_KEY));
			return gateway;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int port(ConfigurableApplicationContext context, String name) {
		return Integer.parseInt(context.getEnvironment().getRequiredProperty(name));
	}

	/**
	 * What Prometheus is told.
	 * @return all series as text
	 */
	public String metrics() {
		return exchange(
				HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.managementPort + "/actuator/prometheus"))
					.timeout(Await.BOUND)
					.build())
			.body();
	}

	/**
	 * The port of proxy and management API.
	 * @return on all addresses
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Describes a new group with a name of its own.
	 * @param provider its provider
	 * @return to be refined and created
	 */
	public GroupSpec group(String provider) {
		return new GroupSpec(this, provider + "-" + this.counter.incrementAndGet(), provider);
	}

	/**
	 * Creates an access key.
	 * @param fields its fields as in the API, {@code key} among them
	 * @return the answer
	 */
	public JsonNode accessKey(Map<String, ?> fields) {
		return manage("POST", "/api/access-keys", fields);
	}

	/**
	 * Asks the management API.
	 * @param method HTTP method
	 * @param path path and query
	 * @param body what to send as JSON; an empty map sends nothing
	 * @return the answer
	 */
	public JsonNode manage(String method, String path, Map<String, ?> body) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.header("Authorization", "Bearer " + ADMIN_KEY)
			.header("Content-Type", "application/json")
			.timeout(Await.BOUND)
			.method(method,
					body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)))
			.build();
		HttpResponse<String> response = exchange(request);
		if (response.statusCode() >= 300) {
			throw new AssertionError("%s %s: %d %s".formatted(method, path, response.statusCode(), response.body()));
		}
		return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
	}

	/**
	 * The provider keys of a group.
	 * @param group name of the group
	 * @return as in the API
	 */
	public List<JsonNode> keys(String group) {
		return List.copyOf(manage("GET", "/api/groups/" + group + "/keys?size=1000", Map.of()).get("items").values());
	}

	private HttpResponse<String> exchange(HttpRequest request) {
		try {
			return this.client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/** Starts the application when it is first looked at. */
	private static final class Running {

		static final Gateway GATEWAY = start();

	}

}
