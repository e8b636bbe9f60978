package io.keymux.gateway.setting;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.core.env.PropertySource;

/**
 * The system settings that the config server serves: the rows, and below them its files.
 * Its document is read as a whole: Spring's environment would keep files that are gone.
 */
class ConfigServerSource implements SystemTierSource, DisposableBean {

	private static final String SOURCES = "configserver:";

	private static final String PREFIX = "keymux.settings.";

	private static final String REVISION = "keymux.settings-revision";

	private static final Duration TIMEOUT = Duration.ofSeconds(4);

	private static final JsonMapper json = JsonMapper.shared();

	private final ConfigClientProperties server;

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

	ConfigServerSource(ConfigClientProperties server) {
		this.server = server;
	}

	/** Whether Spring took a property source from the config server. */
	static boolean serves(PropertySource<?> source) {
		return source.getName().startsWith(SOURCES);
	}

	@Override
	public SystemTier read() {
		IOException failure = new IOException("it has no address");
		for (String base : this.server.getUri()) {
			try {
				return read(this.client.send(request(base), HttpResponse.BodyHandlers.ofString()));
			}
			catch (IOException ex) {
				failure = ex;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new SettingsUnavailable("The node is stopping");
			}
		}
		throw new SettingsUnavailable("The config server does not answer (%s)".formatted(failure));
	}

	private HttpRequest request(String base) {
		String path = "/%s/%s".formatted(this.server.getName(), this.server.getProfile());
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base.replaceAll("/+$", "") + path))
			.timeout(TIMEOUT)
			.header("Accept", "application/json");
		String password = this.server.getPassword();
		if (password != null) {
			String user = Objects.requireNonNullElse(this.server.getUsername(), "user");
			request.header("Authorization", "Basic "
					+ Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
		}
		return request.build();
	}

	private static SystemTier read(HttpResponse<String> answer) {
		JsonNode document;
		try {
			document = json.readTree(answer.body());
		}
		catch (JacksonException ex) {
			document = json.createObjectNode();
		}
		if (answer.statusCode() != 200) {
			throw new SettingsUnavailable("The config server answers %d: %s".formatted(answer.statusCode(),
					document.path("detail").asString("no reason given")));
		}
		long revision = 0;
		Map<String, SystemTier.Value> values = new TreeMap<>();
		// What stands above wins.
		for (JsonNode source : document.path("propertySources")) {
			JsonNode properties = source.path("source");
			boolean rows = properties.has(REVISION);
			if (rows) {
				revision = properties.path(REVISION).asLong();
			}
			String from = rows ? SystemTier.API : source.path("name").asString();
			properties.forEachEntry((name, value) -> {
				if (name.startsWith(PREFIX)) {
					values.putIfAbsent(name.substring(PREFIX.length()), new SystemTier.Value(value.asString(), from));
				}
			});
		}
		return new SystemTier(revision, values);
	}

	@Override
	public void destroy() {
		this.client.shutdownNow();
	}

}
