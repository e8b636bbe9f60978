package io.keymux.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** A config server of its own for one test, asked over HTTP. */
final class TestServer implements AutoCloseable {

	/** What Spring's own client asks for. */
	static final MediaType WITH_ORIGIN = MediaType.parseMediaType("application/vnd.spring-cloud.config-server.v2+json");

	private static final String WATCH_INTERVAL = "keymux.config.watch-interval";

	private static final JsonMapper json = new JsonMapper();

	private final ConfigurableApplicationContext context;

	private final RestClient client;

	private TestServer(ConfigurableApplicationContext context) {
		this.context = context;
		// Apache's client, else taken, would ask again a second after each 503.
		this.client = RestClient.builder()
			.requestFactory(new JdkClientHttpRequestFactory())
			.baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
			.build();
	}

	static TestServer start(String... properties) {
		List<String> arguments = new ArrayList<>(
				List.of("--server.port=0", "--keymux.config.username=node", "--keymux.config.password=secret"));
		if (Arrays.stream(properties).noneMatch((property) -> property.startsWith(WATCH_INTERVAL))) {
			arguments.add("--" + WATCH_INTERVAL + "=100ms");
		}
		Arrays.stream(properties).map((property) -> "--" + property).forEach(arguments::add);
		return new TestServer(SpringApplication.run(ConfigServerApplication.class, arguments.toArray(String[]::new)));
	}

	Answer get(String path) {
		return exchange(HttpMethod.GET, path, "", MediaType.ALL);
	}

	Answer post(String path, String body) {
		return exchange(HttpMethod.POST, path, body, MediaType.ALL);
	}

	/** The document as a gateway reads it. */
	Answer document() {
		return exchange(HttpMethod.GET, "/keymux-gateway/cluster", "", WITH_ORIGIN);
	}

	Answer health() {
		return get("/actuator/health");
	}

	private Answer exchange(HttpMethod method, String path, String body, MediaType accept) {
		RestClient.RequestBodySpec request = this.client.method(method)
			.uri(path)
			.accept(accept)
			.contentType(MediaType.APPLICATION_JSON)
			.headers((headers) -> headers.setBasicAuth("node", "secret"));
		if (!body.isEmpty()) {
			request.body(body);
		}
		return request.exchange((_, response) -> new Answer(response.getStatusCode().value(),
				new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What the server said.
	 *
	 * @param status of the answer
	 * @param body of the answer
	 */
	record Answer(int status, String body) {

		JsonNode at(String pointer) {
			return json.readTree(this.body).at(pointer);
		}

		/** The value that wins, as text; empty without one. */
		String value(String name) {
			for (JsonNode source : at("/propertySources")) {
				JsonNode value = source.path("source").path(name);
				if (!value.isMissingNode()) {
					return (value.isObject() ? value.path("value") : value).asString();
				}
			}
			return "";
		}

	}

}
