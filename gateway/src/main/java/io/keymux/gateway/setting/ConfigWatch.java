package io.keymux.gateway.setting;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.keymux.gateway.cluster.NodeCondition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.context.event.EventListener;

/**
 * Every five seconds looks whether the config server says something else than what this
 * node has taken in: it may have been away, or the notice of a change was lost.
 */
class ConfigWatch implements NodeCondition, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(ConfigWatch.class);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final Duration TIMEOUT = Duration.ofSeconds(4);

	private final ConfigClientProperties server;

	private final SystemSettings settings;

	private @Nullable ScheduledExecutorService scheduler;

	@SuppressWarnings("unused") // errors are noted where they happen
	private @Nullable ScheduledFuture<?> ticking;

	private @Nullable HttpClient client;

	/** What the server said when its settings were last taken in. */
	private @Nullable String taken;

	private volatile @Nullable String problem;

	ConfigWatch(ConfigClientProperties server, SystemSettings settings) {
		this.server = server;
		this.settings = settings;
	}

	private void look() {
		try {
			String says = ask(Objects.requireNonNull(this.client));
			if (this.problem != null) {
				logger.info("The config server answers again");
			}
			this.problem = null;
			if (!says.equals(this.taken)) {
				this.settings.reload();
				this.taken = says;
			}
		}
		catch (SettingsUnavailable | IOException ex) {
			String why = (ex instanceof IOException) ? "The config server does not answer (%s)".formatted(ex)
					: String.valueOf(ex.getMessage());
			if (this.problem == null) {
				logger.warn("{}; the settings stay as they are", why);
			}
			this.problem = why;
			// Whatever it says next is looked at anew.
			this.taken = null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.error("The look at the config server failed", ex);
		}
	}

	private String ask(HttpClient http) throws IOException, InterruptedException {
		IOException failure = new IOException("it has no address");
		for (String base : this.server.getUri()) {
			try {
				HttpResponse<String> answer = http.send(request(base), HttpResponse.BodyHandlers.ofString());
				if (answer.statusCode() != 200) {
					throw new SettingsUnavailable(
							"The config server answers %d (expected: 200)".formatted(answer.statusCode()));
				}
				return answer.body();
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		throw failure;
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

	@Override
	public @Nullable String warning() {
		return this.problem;
	}

	@EventListener(ApplicationReadyEvent.class)
	void start() {
		this.client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
		ScheduledExecutorService executor = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("config-watch").daemon().factory());
		this.ticking = executor.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		this.scheduler = executor;
	}

	@Override
	public void destroy() {
		if (this.scheduler != null) {
			this.scheduler.shutdownNow();
		}
		if (this.client != null) {
			this.client.shutdownNow();
		}
	}

}
