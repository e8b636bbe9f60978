package io.keymux.gateway.management;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RecordedBody;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.record.RequestRecords;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.token.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What request records promise, whatever the database. */
abstract class RecordsContract extends ManagementContract {

	private static final AtomicInteger serial = new AtomicInteger();

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	RequestRecords records;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	MeterRegistry meters;

	private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

	@BeforeEach
	void clear() {
		this.jdbc.sql("delete from keymux_record").update();
		this.jdbc.sql("delete from keymux_record_body").update();
	}

	@Test
	void showsARecordWithEverythingThatIsRememberedOfIt() {
		RequestRecord record = failed(this.now, "chat", 429, "Rate limit of org-1 reached");
		this.records.add(record, null, null);
		awaitStored(1);
		JsonNode shown = json(get("/api/records/" + record.id()));
		assertThat(Instant.parse(shown.path("time").asString())).isEqualTo(record.time());
		assertThat(shown.path("group").asString()).isEqualTo("chat");
		assertThat(shown.path("provider").asString()).isEqualTo("openai");
		assertThat(shown.path("providerKey").asString()).isEqualTo("…cdef");
		assertThat(shown.path("operation").asString()).isEqualTo("chat");
		assertThat(shown.path("outcome").asString()).isEqualTo("throttled");
		assertThat(shown.path("error").asString()).isEqualTo("Rate limit of org-1 reached");
		assertThat(shown.path("usageSource").asString()).isEqualTo("reported");
		assertThat(shown.path("inputTokens").asLong()).isEqualTo(10);
		assertThat(shown.path("cacheWrittenTokens").asLong()).isEqualTo(2);
		assertThat(shown.path("end").asString()).isEqualTo("complete");
		assertThat(shown.path("attempts").path(0).path("outcome").asString()).isEqualTo("throttled");
		assertThat(shown.path("attempts").path(0).path("headMs").asLong()).isEqualTo(20);
		expectProblem(get("/api/records/" + "0".repeat(32)), 404);
		expectProblem(get("/api/records/nonsense"), 404);
	}

	@Test
	void pagesThroughAllOfAFilterAndMissesNone() {
		List<RequestRecord> added = new ArrayList<>();
		for (int i = 0; i < 700; i++) {
			Instant time = this.now.minus(Duration.ofHours(i / 10)).minusMillis(i);
			added.add((i % 3 == 0) ? failed(time, "g" + i % 5, 429 + (i % 2) * 71, "Failure " + i % 4 + " of 100%")
					: accepted(time, "g" + i % 5, "model-" + i % 7));
		}
		added.forEach((record) -> this.records.add(record, null, null));
		awaitStored(700);
		added.sort((one, other) -> other.id().compareTo(one.id()));
		expectPages(added, "", (_) -> true);
		expectPages(added, "group=g1", (record) -> record.group().equals("g1"));
		expectPages(added, "model=model-3", (record) -> "model-3".equals(record.model()));
		expectPages(added, "status=429", (record) -> Objects.equals(record.status(), 429));
		expectPages(added, "status=5xx", (record) -> Objects.equals(record.status(), 500));
		expectPages(added, "outcome=throttled", (record) -> record.outcome() == RecordOutcome.THROTTLED);
		expectPages(added, "stream=true", RequestRecord::stream);
		expectPages(added, "accessKey=caller-2", (record) -> "caller-2".equals(record.accessKey()));
		expectPages(added, "providerKey=3", (record) -> providerKey(record) == 3);
		expectPages(added, "traceId=" + added.get(5).traceId(),
				(record) -> Objects.equals(record.traceId(), added.get(5).traceId()));
		expectPages(added, "error=FAILURE 2", (record) -> String.valueOf(record.error()).startsWith("Failure 2"));
		expectPages(added, "error=failure", (record) -> record.error() != null);
		expectPages(added, "error=nothing like it", (_) -> false);
		expectPages(added, "group=g1&status=429",
				(record) -> record.group().equals("g1") && Objects.equals(record.status(), 429));
		expectPages(added, "group=g2&model=model-3&stream=false",
				(record) -> record.group().equals("g2") && "model-3".equals(record.model()) && !record.stream());
		Instant from = this.now.minus(Duration.ofHours(50));
		Instant to = this.now.minus(Duration.ofHours(10));
		expectPages(added, "from=" + from + "&to=" + to,
				(record) -> !record.time().isBefore(from) && record.time().isBefore(to));
		String exported = text(get("/api/records/export?group=g1&error=failure"));
		assertThat(exported.lines()).hasSize(
				(int) added.stream().filter((record) -> record.group().equals("g1") && record.error() != null).count());
		assertThat(text(get("/api/records/export?format=csv")).lines()).hasSize(701)
			.first()
			.asString()
			.startsWith("id,time,provider,group");
	}

	private void expectPages(List<RequestRecord> all, String filter, Predicate<RequestRecord> expected) {
		List<String> ids = new ArrayList<>();
		String after = "";
		do {
			JsonNode page = json(get("/api/records?size=37&" + filter + after));
			page.path("items").forEach((item) -> ids.add(item.path("id").asString()));
			after = page.path("next").isString() ? "&after=" + page.path("next").asString() : "";
		}
		while (!after.isEmpty());
		assertThat(ids).as(filter)
			.containsExactlyElementsOf(all.stream().filter(expected).map(RequestRecord::id).toList());
	}

	@Test
	void refusesParametersThatBreakARule() {
		for (String bad : List.of("size=0", "size=201", "after=x", "from=yesterday", "status=9xx", "status=abc",
				"outcome=odd", "stream=perhaps", "providerKey=sk-1")) {
			String field = bad.substring(0, bad.indexOf('='));
			expectProblem(get("/api/records?" + bad), 400).jsonPath("$.errors[0].field").isEqualTo(field);
		}
		expectProblem(this.client.get().uri("/api/records").header("Content-Type", "multipart/form-data").exchange(),
				400);
		expectProblem(get("/api/records/export?format=xml"), 400).jsonPath("$.errors[0].field").isEqualTo("format");
		expectProblem(get("/api/records/events?status=x"), 400).jsonPath("$.errors[0].field").isEqualTo("status");
	}

	@Test
	void showsBodiesToOperatorsAndStoresThemSealed() {
		RequestRecord record = accepted(this.now, "chat", "gpt-5");
		RecordedBody text = new RecordedBody("a very secret prompt ☕".getBytes(StandardCharsets.UTF_8), "text/plain",
				false);
		RecordedBody binary = new RecordedBody(new byte[] { (byte) 0xff, 0, 1 }, "image/png", true);
		this.records.add(record, text, binary);
		awaitStored(1);
		JsonNode shown = json(get("/api/records/" + record.id()));
		assertThat(shown.path("requestBody").path("text").asString()).isEqualTo("a very secret prompt ☕");
		assertThat(shown.path("requestBody").path("contentType").asString()).isEqualTo("text/plain");
		assertThat(shown.path("responseBody").path("base64").asString()).isEqualTo("/wAB");
		assertThat(shown.path("responseBody").path("truncated").asBoolean()).isTrue();
		assertThat(this.jdbc.sql("select body from keymux_record_body").query((row, _) -> row.getString(1)).list())
			.hasSize(2)
			.allMatch((sealed) -> sealed.startsWith("tink:"));
		String viewer = json(post("/api/tokens",
				"{\"name\": \"viewer-%d\", \"role\": \"viewer\"}".formatted(serial.incrementAndGet())))
			.path("secret")
			.asString();
		JsonNode seen = json(this.client.get()
			.uri("/api/records/" + record.id())
			.headers((headers) -> headers.setBearerAuth(viewer))
			.exchange());
		assertThat(seen.path("id").asString()).isEqualTo(record.id());
		assertThat(seen.path("requestBody").isNull()).isTrue();
		assertThat(seen.path("responseBody").isNull()).isTrue();
		assertThat(json(get("/api/records")).path("items").path(0).path("requestBody").isNull()).isTrue();
	}

	@Test
	void sealsBodiesThatWereStoredInTheClearAnew() {
		RequestRecord record = accepted(this.now, "chat", "gpt-5");
		this.records.add(record, new RecordedBody("prompt".getBytes(StandardCharsets.UTF_8), "", false), null);
		awaitStored(1);
		this.jdbc.sql("update keymux_record_body set body = 'plain:cHJvbXB0'").update();
		JsonNode task = ended(post("/api/encryption/rotate", ""));
		assertThat(task.path("state").asString()).isEqualTo("completed");
		assertThat(this.jdbc.sql("select body from keymux_record_body").query((row, _) -> row.getString(1)).single())
			.startsWith("tink:");
		assertThat(json(get("/api/records/" + record.id())).path("requestBody").path("text").asString())
			.isEqualTo("prompt");
	}

	@Test
	void tellsRecordsAsTheyEnd() {
		WebTestClient.ResponseSpec answer = this.client.get()
			.uri("/api/records/events?group=tail&status=4xx")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange();
		StepVerifier.create(answer.returnResult(new ParameterizedTypeReference<ServerSentEvent<JsonNode>>() {
		}).getResponseBody()).assertNext((event) -> {
			assertThat(event.data()).isNull();
			this.records.add(accepted(this.now, "tail", "gpt-5"), null, null);
			this.records.add(failed(this.now, "other", 429, "no"), null, null);
			this.records.add(failed(this.now, "tail", 429, "told"), null, null);
		}).assertNext((event) -> {
			assertThat(event.event()).isEqualTo("record");
			assertThat(Objects.requireNonNull(event.data()).path("error").asString()).isEqualTo("told");
		}).thenCancel().verify(Await.BOUND);
	}

	@Test
	void deletesWhatIsOlderThanTheRetention() {
		this.records.add(failed(this.now.minus(Duration.ofDays(20)), "old", 500, "an old failure"), null, null);
		this.records.add(accepted(this.now.minus(Duration.ofDays(2)), "older", "gpt-5"),
				new RecordedBody(new byte[1], "", false), null);
		this.records.add(accepted(this.now.minus(Duration.ofMinutes(10)), "young", "gpt-5"),
				new RecordedBody(new byte[1], "", false), null);
		awaitStored(3);
		patch("/api/settings", "{\"record-retention\": \"1d\"}").expectStatus().isOk();
		Await.until("retention",
				() -> count("keymux_record") == 1 && count("keymux_record_body") == 1
						&& this.jdbc.sql("select count(*) from keymux_record_error where error_text = 'an old failure'")
							.query(Integer.class)
							.single() == 0);
		assertThat(json(get("/api/records")).path("items").path(0).path("group").asString()).isEqualTo("young");
	}

	@Test
	void losesNoneWhileTheDatabaseIsAway() {
		double dropped = dropped("record");
		this.jdbc.sql("alter table keymux_record rename to keymux_record_away").update();
		for (int i = 0; i < 1200; i++) {
			this.records.add(accepted(this.now.minusMillis(i), "waits", "gpt-5"), null, null);
		}
		Await.until("waiting", () -> this.meters.get("keymux.records.buffered").gauge().value() == 1200);
		this.jdbc.sql("alter table keymux_record_away rename to keymux_record").update();
		awaitStored(1200);
		Await.until("empty", () -> this.meters.get("keymux.records.buffered").gauge().value() == 0);
		assertThat(dropped("record")).isEqualTo(dropped);
	}

	@Test
	void dropsBodiesFirstAndThenRecordsWhenTheDatabaseStaysAway() {
		double bodies = dropped("body");
		double records = dropped("record");
		this.jdbc.sql("alter table keymux_record rename to keymux_record_away").update();
		RecordedBody body = new RecordedBody(new byte[64 << 10], "", false);
		for (int i = 0; i < 21_000; i++) {
			this.records.add(accepted(this.now.minusMillis(i), "waits", "gpt-5"), body, null);
		}
		double lostBodies = dropped("body") - bodies;
		double lostRecords = dropped("record") - records;
		this.jdbc.sql("alter table keymux_record_away rename to keymux_record").update();
		assertThat(lostRecords).isBetween(1.0, 1000.0);
		assertThat(lostBodies).isBetween(19_000.0, 20_500.0);
		awaitStored(21_000 - (int) lostRecords);
		assertThat(count("keymux_record_body")).isEqualTo(21_000 - (int) lostBodies);
	}

	@Test
	void dropsARecordThatIsRefusedAndStoresTheOthers() {
		double dropped = dropped("record");
		RequestRecord good = accepted(this.now, "poisoned", "gpt-5");
		for (int i = 0; i < 99; i++) {
			RequestRecord record = accepted(this.now.minusMillis(i), "poisoned", "gpt-5");
			this.records.add((i == 41) ? withId(record, "not an id") : record, null, null);
		}
		this.records.add(good, null, null);
		awaitStored(99);
		Await.until("dropped", () -> dropped("record") == dropped + 1);
		assertThat(json(get("/api/usage?group=poisoned")).path("items").path(0).path("requests").asInt()).isEqualTo(99);
	}

	private double dropped(String kind) {
		return this.meters.get("keymux.records.dropped").tag("kind", kind).counter().count();
	}

	private void awaitStored(int number) {
		Await.until(number + " records", () -> count("keymux_record") == number);
	}

	int count(String table) {
		return this.jdbc.sql("select count(*) from " + table).query(Integer.class).single();
	}

	private static long providerKey(RequestRecord record) {
		AttemptRecord last = record.lastAttempt();
		return (last != null) ? last.providerKeyId() : 0;
	}

	static RequestRecord accepted(Instant time, String group, String model) {
		return record(time, group, model, 200, RecordOutcome.ACCEPTED, null);
	}

	static RequestRecord failed(Instant time, String group, int status, String error) {
		return record(time, group, "gpt-5", status, RecordOutcome.THROTTLED, error);
	}

	private static RequestRecord record(Instant time, String group, String model, int status, RecordOutcome outcome,
			@Nullable String error) {
		int number = serial.incrementAndGet();
		String id = "%012x%020x".formatted(time.toEpochMilli(), number);
		return new RequestRecord(id, time, "openai", group, "caller-" + number % 4, "192.0.2.1",
				"%032x".formatted(number), Operation.CHAT, number % 2 == 0, model, model, null, status, outcome,
				(error != null) ? "code" : null, error,
				List.of(new AttemptRecord(1, null, number % 9, "…cdef", "https://api.example", status, outcome, 5, 20L,
						error)),
				100, 200, 5L, 21L, 30, new TokenUsage(10, 20, 1, 2, 3), UsageSource.REPORTED, null,
				RequestEnd.COMPLETE);
	}

	private static RequestRecord withId(RequestRecord record, String id) {
		return new RequestRecord(id, record.time(), record.provider(), record.group(), record.accessKey(),
				record.clientAddress(), record.traceId(), record.operation(), record.stream(), record.requestedModel(),
				record.upstreamModel(), record.responseModel(), record.status(), record.outcome(), record.errorCode(),
				record.error(), record.attempts(), record.bytesIn(), record.bytesOut(), record.queueMs(),
				record.firstChunkMs(), record.totalMs(), record.tokens(), record.usageSource(), record.cost(),
				record.end());
	}

}
