package io.keymux.gateway.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.GatewayApplication;
import io.keymux.gateway.testkit.Await;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A node with an environment of its own, on a database that others may share. */
final class TestNode implements AutoCloseable {

	static final String ACCESS_KEY = "access-key-of-all-nodes";

	static final String ADMIN_KEY = "admin-key-of-all-nodes";

	private static final Duration TASK = Duration.ofMinutes(3);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ConfigurableApplicationContext context;

	private TestNode(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static TestNode start(String databaseUrl, Map<String, String> environment) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0",
				"--spring.datasource.url=" + databaseUrl, "--spring.datasource.username=root",
				"--keymux.admin-key=" + ADMIN_KEY, "--KEYMUX_ACCESS_KEYS=" + ACCESS_KEY));
		environment.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return new TestNode(new SpringApplicationBuilder(GatewayApplication.class)
			.initializers((context) -> ownThreads((GenericApplicationContext) context))
			.run(arguments.toArray(String[]::new)));
	}

	/** The threads all nodes of a JVM would share end with the first of them. */
	private static void ownThreads(GenericApplicationContext context) {
		context.registerBean(ReactorResourceFactory.class, () -> {
			ReactorResourceFactory own = new ReactorResourceFactory();
			own.setUseGlobalResources(false);
			own.setShutdownQuietPeriod(Duration.ZERO);
			return own;
		});
	}

	JdbcClient jdbc() {
		return this.context.getBean(JdbcClient.class);
	}

	/** Asks the proxy for a chat completion. */
	HttpResponse<String> chat(String group) {
		return send("POST", uri("local.server.port", "/proxy/" + group + "/v1/chat/completions"), ACCESS_KEY,
				"{\"model\":\"m\"}", "application/json");
	}

	/** Asks the proxy for a chat completion with an access key of the test's own. */
	HttpResponse<String> chat(String group, String accessKey, String json) {
		return send("POST", uri("local.server.port", "/proxy/" + group + "/v1/chat/completions"), accessKey, json,
				"application/json");
	}

	/** The value of a metric's series, 0 if there is none. */
	double metric(String series) {
		return send("GET", uri("local.management.port", "/actuator/prometheus"), "", "", "text/plain").body()
			.lines()
			.filter((line) -> line.startsWith(series + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(series.length() + 1)))
			.sum();
	}

	/** What the health endpoint on the management port says. */
	HttpResponse<String> health() {
		return send("GET", uri("local.management.port", "/actuator/health"), "", "", "application/json");
	}

	JsonNode secretsHealth() {
		return JsonMapper.shared().readTree(health().body()).path("components").path("secrets");
	}

	/** Asks the management API, whatever it answers. */
	HttpResponse<String> ask(String method, String path, String json) {
		return send(method, uri("local.server.port", path), ADMIN_KEY, json,
				json.isEmpty() || json.startsWith("{") ? "application/json" : "text/plain");
	}

	/** Asks the management API with the cookie of a session. */
	HttpResponse<String> as(String cookie, String method, String path, Map<String, String> headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri("local.server.port", path))
			.header("Cookie", cookie)
			.timeout(TASK)
			.method(method, BodyPublishers.noBody());
		headers.forEach(request::header);
		return send(request.build());
	}

	/** Asks the management API, which must not refuse. */
	JsonNode manage(String method, String path, String json) {
		HttpResponse<String> answer = ask(method, path, json);
		if (answer.statusCode() >= 300) {
			throw new AssertionError("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
		}
		return JsonMapper.shared().readTree(answer.body());
	}

	/** Waits until a task ends. */
	JsonNode ended(JsonNode task) {
		String path = "/api/tasks/" + task.path("id").asLong();
		Await.until("end of " + path, TASK, () -> !manage("GET", path, "").path("state").asString().equals("running"));
		return manage("GET", path, "");
	}

	/** Seals all secrets with this node's key and waits until that is done. */
	JsonNode rotate() {
		return ended(manage("POST", "/api/encryption/rotate", ""));
	}

	String encryption() {
		return manage("GET", "/api/encryption", "").path("state").asString();
	}

	private URI uri(String port, String path) {
		return URI.create("http://127.0.0.1:" + this.context.getEnvironment().getRequiredProperty(port) + path);
	}

	private HttpResponse<String> send(String method, URI uri, String credential, String body, String type) {
		HttpRequest request = HttpRequest.newBuilder(uri)
			.header("Authorization", "Bearer " + credential)
			.header("Content-Type", type)
			.timeout(TASK)
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
			.build();
		return send(request);
	}

	private HttpResponse<String> send(HttpRequest request) {
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

	@Override
	public void close() {
		this.context.close();
		this.client.close();
	}

}
