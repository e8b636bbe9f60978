package io.keymux.gateway.limit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Tells when 80 % and all of a quota are used: in the log, in a metric and, if there is a
 * webhook, there. Each is told once, by the node whose request made it so.
 */
@Component
class QuotaAlerts {

	private static final Logger logger = LoggerFactory.getLogger(QuotaAlerts.class);

	private static final int[] PERCENT = { 80, 100 };

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final LimitMeters meters;

	private final LimitProperties properties;

	private final JsonMapper json;

	private final @Nullable HttpClient client;

	QuotaAlerts(LimitMeters meters, LimitProperties properties, JsonMapper json) {
		this.meters = meters;
		this.properties = properties;
		this.json = json;
		this.client = (properties.webhook() != null) ? client() : null;
	}

	/** Not HTTP/2: small servers mistake the upgrade it would ask for. */
	private static HttpClient client() {
		return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
	}

	void settled(Demand demand, LimitStore.Change change) {
		for (int percent : PERCENT) {
			if (reaches(change.after(), demand, percent) && !reaches(change.before(), demand, percent)) {
				tell(QuotaAlert.of(demand, percent, change.after()));
			}
		}
	}

	private static boolean reaches(long used, Demand demand, int percent) {
		return used >= demand.limit() / 100.0 * percent;
	}

	private void tell(QuotaAlert alert) {
		this.meters.alerted(alert);
		logger.warn("{} % of the {} of {} '{}' is used: {} of {}", alert.percent(), alert.kind(), alert.of(),
				alert.name(), alert.used(), alert.limit());
		URI webhook = this.properties.webhook();
		HttpClient sender = this.client;
		if (webhook != null && sender != null) {
			HttpRequest request = HttpRequest.newBuilder(webhook)
				.timeout(PATIENCE)
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(this.json.writeValueAsString(alert)))
				.build();
			Mono.fromFuture(() -> sender.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
				.subscribe((answer) -> told(answer.statusCode()), (failure) -> logger
					.warn("The webhook of alerts cannot be reached ({})", failure.getClass().getSimpleName()));
		}
	}

	private static void told(int status) {
		if (status >= 300) {
			logger.warn("The webhook of alerts answered {}", status);
		}
	}

}
