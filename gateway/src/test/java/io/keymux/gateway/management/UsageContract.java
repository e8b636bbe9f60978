package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.record.AttemptRecord;
import io.keymux.gateway.record.RecordCounter;
import io.keymux.gateway.record.RecordOutcome;
import io.keymux.gateway.record.RequestEnd;
import io.keymux.gateway.record.RequestRecord;
import io.keymux.gateway.testkit.TestTime;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.token.UsageSource;
import io.keymux.gateway.usage.UsageUpkeep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What usage promises, whatever the database: it adds up to what was counted. */
@Import(TestClock.class)
abstract class UsageContract extends ManagementContract {

	private static final Map<String, Function<RequestRecord, String>> DIMENSIONS = Map.of("group", RequestRecord::group,
			"model", (record) -> String.valueOf(record.model()), "caller",
			(record) -> String.valueOf(record.accessKey()), "provider-key", UsageContract::key);

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	RecordCounter bean;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	UsageUpkeep upkeep;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	TestTime time;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	AutowireCapableBeanFactory beans;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	PlatformTransactionManager transactions;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	DataSource database;

	@SuppressWarnings("NullAway.Init") // set before each test
	private RecordCounter counter;

	@SuppressWarnings("NullAway.Init") // set before each test
	private Instant begin;

	private final List<RequestRecord> counted = new ArrayList<>();

	private final Random random = new Random(7);

	@BeforeEach
	void forgetUsage() {
		this.jdbc.sql("delete from keymux_usage").update();
		this.time.pass(Duration.between(this.time.instant(), this.time.instant().truncatedTo(ChronoUnit.DAYS))
			.plusDays(2)
			.plusHours(10));
		this.begin = this.time.instant();
		restart();
	}

	@Test
	void addsUpToTheRecordsWhateverHappensMeanwhile() {
		for (int i = 0; i < 150; i++) {
			switch (this.random.nextInt(12)) {
				case 0 -> restart();
				case 1 -> this.upkeep.run();
				case 2, 3 -> this.time.pass(Duration.ofSeconds(this.random.nextInt(1200)));
				case 4 -> rollBackAndRunAgain(batch());
				case 5 -> splitAfterFailure(batch(), batch());
				case 6 -> commit(true, batch(), batch());
				case 7 -> loseTheAnswer(this.random.nextBoolean(), batch());
				default -> commit(false, batch());
			}
		}
		this.upkeep.run();
		for (String groupBy : List.of("", "group", "model", "caller", "group,model", "caller,group",
				"model,group,caller", "provider-key", "group,provider-key")) {
			compare("&groupBy=" + groupBy, groupBy, "", this.counted);
			for (String interval : List.of("minute", "hour", "day")) {
				compare("&groupBy=%s&interval=%s".formatted(groupBy, interval), groupBy, interval, this.counted);
			}
		}
		compare("&group=a&groupBy=model", "model", "", this.counted.stream().filter((r) -> r.group().equals("a")));
		compare("&caller=web&model=m-1", "", "",
				this.counted.stream().filter((r) -> "web".equals(r.accessKey()) && "m-1".equals(r.model())));
		compare("&providerKey=2&groupBy=group", "group", "", this.counted.stream().filter((r) -> key(r).equals("2")));
	}

	@Test
	void ordersRowsAndWritesThemForSpreadsheets() {
		commit(false, List.of(record(this.begin, "a", "m-1", "=cmd", 1), record(this.begin, "a", "m-1", "=cmd", 1),
				record(this.begin, "a", "m,2", null, 1)));
		JsonNode report = report("&groupBy=model");
		assertThat(report.path("items").path(0).path("model").asString()).isEqualTo("m-1");
		assertThat(report.path("items").path(0).path("requests").asInt()).isEqualTo(2);
		assertThat(report.path("items").path(1).path("caller").isNull()).isTrue();
		String csv = text(get(uri("&format=csv&groupBy=model,caller")).expectHeader()
			.valueEquals(HttpHeaders.CONTENT_TYPE, "text/csv"));
		assertThat(csv.lines()).hasSize(3);
		assertThat(csv).startsWith("from,to,group,model,caller,providerKeyId,providerKey,requests,errors,")
			.contains(",,m-1,'=cmd,,,2,", ",,\"m,2\",,,,1,");
		JsonNode key = report("&groupBy=provider-key").path("items").path(0);
		assertThat(key.path("providerKeyId").asLong()).isEqualTo(1);
		assertThat(key.path("providerKey").asString()).isEqualTo("sk…1");
	}

	@Test
	void tellsPercentilesWithinTheirBound() {
		List<RequestRecord> batch = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			batch.add(record(this.begin, "a", "m", null, 1, (long) Math.exp(this.random.nextDouble() * 13)));
		}
		commit(false, batch);
		compare("", "", "", batch);
	}

	@Test
	void countsNamesBeyondTheBoundAsOther() {
		List<RequestRecord> batch = IntStream.range(0, 600)
			.mapToObj((i) -> record(this.begin, "a", "model-%d".formatted(i), null, 1))
			.toList();
		commit(false, batch);
		commit(false, batch);
		JsonNode items = report("&groupBy=model").path("items");
		assertThat(items.size()).isLessThanOrEqualTo(501);
		assertThat(items.path(0).path("model").asString()).isEqualTo("other");
		assertThat(items.valueStream().mapToLong((item) -> item.path("requests").asLong()).sum()).isEqualTo(1200);
		RequestRecord odd = record(this.begin, "nobody".repeat(30), "\ud83d\ude00".repeat(300) + " ", "\ud800\u0000",
				1);
		commit(false, List.of(withoutProvider(odd)));
		assertThat(report("&groupBy=group").path("items").path(1).path("group").asString()).isEqualTo("(unknown)");
		assertThat(report("&groupBy=caller&caller=??").path("items")).hasSize(1);
	}

	@Test
	void mergesWhatSeveralRunsHaveWritten() {
		for (int i = 0; i < 4; i++) {
			restart();
			commit(false, batchAt(this.begin));
		}
		long before = rows();
		this.time.pass(Duration.ofMinutes(59));
		this.upkeep.run();
		assertThat(rows()).isEqualTo(before);
		this.time.pass(Duration.ofHours(2));
		this.upkeep.run();
		assertThat(rows()).isLessThan(before);
		assertThat(this.jdbc.sql("select count(*) from keymux_usage where step < 2 and writer > ''")
			.query(Long.class)
			.single()).isZero();
		compare("&groupBy=group,model,caller", "group,model,caller", "", this.counted);
		commit(false, batchAt(this.begin));
		commit(true, batchAt(this.begin));
		compare("&groupBy=group,model,caller&interval=minute", "group,model,caller", "minute", this.counted);
		this.upkeep.run();
		compare("&groupBy=provider-key&interval=minute", "provider-key", "minute", this.counted);
		assertThat(this.jdbc.sql("select count(*) from keymux_usage where step = 0 and cube = 0")
			.query(Long.class)
			.single()).isEqualTo(1);
	}

	@Test
	void keepsMinutesHoursAndDaysForTheirTime() {
		Instant start = this.begin.plusSeconds(90);
		commit(false, List.of(record(start, "a", "m", "web", 1)));
		this.time.pass(Duration.ofDays(2).plusHours(3));
		this.upkeep.run();
		assertThat(steps()).containsExactly(1, 2);
		assertThat(total("from=%s&to=%s".formatted(start, start.plusSeconds(60)))).isEqualTo(1);
		assertThat(
				json(get("/api/usage?from=%s&to=%s".formatted(start, start.plusSeconds(60)))).path("from").asString())
			.isEqualTo(this.begin.toString());
		expectField("interval=minute&from=%s&to=%s".formatted(start, start.plusSeconds(60)), "from");
		this.time.pass(Duration.ofDays(60));
		this.upkeep.run();
		assertThat(steps()).containsExactly(2);
		assertThat(total("from=%s&to=%s".formatted(start, start.plusSeconds(60)))).isEqualTo(1);
		assertThat(total("interval=day&from=%s&to=%s".formatted(start, start.plusSeconds(60)))).isEqualTo(1);
		this.time.pass(Duration.ofDays(1100));
		this.upkeep.run();
		assertThat(rows()).isZero();
	}

	@Test
	void refusesWhatItCannotAnswer() {
		expectField("groupBy=provider-key,model", "groupBy");
		expectField("groupBy=caller&providerKey=7", "groupBy");
		expectField("groupBy=weather", "groupBy");
		expectField("interval=week", "interval");
		expectField("interval=day&from=1990-01-01T00:00:00Z", "interval");
		expectField("format=xml", "format");
		expectField("from=yesterday", "from");
		expectField("from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z", "from");
		expectField("from=-1000-01-01T00:00:00Z", "from");
		expectField("to={to}", "to", "+1000000000-12-31T23:59:59Z");
		expectProblem(get("/api/usage?providerKey=x"), 400);
		assertThat(json(get("/api/usage?to=1970-01-01T00:00:00Z")).path("items")).isEmpty();
		assertThat(json(get("/api/usage?from=1970-01-01T00:00:00Z&to=9999-12-30T00:00:00Z")).path("items")).isEmpty();
		this.client.mutate()
			.defaultHeaders(HttpHeaders::clear)
			.build()
			.get()
			.uri("/api/usage")
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	@Test
	void countsOnlyWithinATransaction() {
		Runnable storing = this.counter.count(batch());
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(storing::run);
		commit(false, List.of());
		assertThat(rows()).isZero();
	}

	private void restart() {
		this.counter = this.beans.createBean(this.bean.getClass());
	}

	@SafeVarargs
	private void commit(boolean twice, List<RequestRecord>... batches) {
		new TransactionTemplate(this.transactions).executeWithoutResult((_) -> {
			for (List<RequestRecord> batch : batches) {
				Runnable storing = this.counter.count(batch);
				storing.run();
				if (twice) {
					storing.run();
				}
			}
		});
		for (List<RequestRecord> batch : batches) {
			this.counted.addAll(batch);
		}
	}

	private void rollBackAndRunAgain(List<RequestRecord> batch) {
		Runnable storing = this.counter.count(batch);
		rollBack(storing);
		if (this.random.nextBoolean()) {
			commit(false, batch());
		}
		rollBack(storing);
		new TransactionTemplate(this.transactions).executeWithoutResult((_) -> storing.run());
		new TransactionTemplate(this.transactions).executeWithoutResult((_) -> storing.run());
		this.counted.addAll(batch);
	}

	private void splitAfterFailure(List<RequestRecord> good, List<RequestRecord> poisonous) {
		List<RequestRecord> whole = new ArrayList<>(good);
		whole.addAll(poisonous);
		rollBack(this.counter.count(whole));
		commit(false, good);
		rollBack(this.counter.count(poisonous));
	}

	private void rollBack(Runnable storing) {
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			storing.run();
			status.setRollbackOnly();
		});
	}

	/** The connection breaks in the commit; only the database knows how it ended. */
	private void loseTheAnswer(boolean committed, List<RequestRecord> batch) {
		JdbcTransactionManager breaking = new JdbcTransactionManager(this.database) {

			private static final long serialVersionUID = 1L;

			@Override
			protected void doCommit(DefaultTransactionStatus status) {
				if (committed) {
					super.doCommit(status);
				}
				else {
					super.doRollback(status);
				}
				throw new TransactionSystemException("the answer is lost");
			}

		};
		Runnable storing = this.counter.count(batch);
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> new TransactionTemplate(breaking).executeWithoutResult((_) -> storing.run()));
		new TransactionTemplate(this.transactions).executeWithoutResult((_) -> storing.run());
		this.counted.addAll(batch);
	}

	private List<RequestRecord> batch() {
		boolean late = this.random.nextInt(8) == 0;
		return batchAt(this.time.instant().minusSeconds(this.random.nextInt(late ? 4 * 3600 : 120)));
	}

	private List<RequestRecord> batchAt(Instant at) {
		return IntStream.range(0, 1 + this.random.nextInt(8))
			.mapToObj((_) -> record(at.minusSeconds(this.random.nextInt(60)), any("a", "b"), any("m-1", "m-2", null),
					any("web", "app", null), this.random.nextInt(3)))
			.toList();
	}

	private @Nullable String anyOf(@Nullable String... values) {
		return values[this.random.nextInt(values.length)];
	}

	private @Nullable String any(@Nullable String... values) {
		return anyOf(values);
	}

	private RequestRecord record(Instant at, @Nullable String group, @Nullable String model, @Nullable String caller,
			long key) {
		return record(at, String.valueOf(group), model, caller, key, this.random.nextInt(60_000));
	}

	private RequestRecord record(Instant at, String group, @Nullable String model, @Nullable String caller, long key,
			long totalMs) {
		List<AttemptRecord> attempts = (key == 0) ? List.of() : List.of(new AttemptRecord(1, null, key, "sk…" + key,
				"https://api.example", 200, RecordOutcome.ACCEPTED, 0, 1L, null));
		List<RecordOutcome> outcomes = List.of(RecordOutcome.values());
		RecordOutcome outcome = outcomes.get(this.random.nextInt(outcomes.size()));
		BigDecimal cost = this.random.nextInt(3) == 0 ? null
				: new BigDecimal(this.random.nextInt(1_000_000)).movePointLeft(10);
		Long firstChunk = this.random.nextBoolean() ? (Long) (long) this.random.nextInt(2000) : null;
		TokenUsage tokens = new TokenUsage(this.random.nextInt(10_000), this.random.nextInt(1000),
				this.random.nextInt(100), this.random.nextInt(50), this.random.nextInt(20));
		return new RequestRecord("%032x".formatted(this.random.nextLong()), at, "openai", group, caller, "10.0.0.1",
				null, Operation.CHAT, false, model, model, model, 200, outcome, null, null, attempts, 10, 20, 0L,
				firstChunk, totalMs, tokens, UsageSource.REPORTED, cost, RequestEnd.COMPLETE);
	}

	private static RequestRecord withoutProvider(RequestRecord r) {
		return new RequestRecord(r.id(), r.time(), null, r.group(), r.accessKey(), r.clientAddress(), r.traceId(),
				r.operation(), r.stream(), r.requestedModel(), r.upstreamModel(), r.responseModel(), r.status(),
				r.outcome(), r.errorCode(), r.error(), r.attempts(), r.bytesIn(), r.bytesOut(), r.queueMs(),
				r.firstChunkMs(), r.totalMs(), r.tokens(), r.usageSource(), r.cost(), r.end());
	}

	private static String key(RequestRecord record) {
		AttemptRecord attempt = record.lastAttempt();
		return (attempt != null) ? String.valueOf(attempt.providerKeyId()) : "null";
	}

	private void compare(String query, String groupBy, String interval, Stream<RequestRecord> records) {
		compare(query, groupBy, interval, records.toList());
	}

	private void compare(String query, String groupBy, String interval, List<RequestRecord> records) {
		List<String> dimensions = groupBy.isEmpty() ? List.of()
				: List.of(groupBy.split(",", -1)).stream().sorted().toList();
		Map<String, List<RequestRecord>> expected = records.stream()
			.collect(Collectors.groupingBy((record) -> bucket(record, interval) + dimensions.stream()
				.map((dimension) -> "|" + DIMENSIONS.getOrDefault(dimension, RequestRecord::id).apply(record))
				.collect(Collectors.joining()), TreeMap::new, Collectors.toList()));
		Map<String, JsonNode> actual = new TreeMap<>();
		report(query).path("items")
			.forEach((item) -> actual.put((interval.isEmpty() ? "" : item.path("from").asString()) + dimensions.stream()
				.map((dimension) -> "|"
						+ item.path(dimension.equals("provider-key") ? "providerKeyId" : dimension).asString("null"))
				.collect(Collectors.joining()), item));
		assertThat(actual.keySet()).as(query).isEqualTo(expected.keySet());
		expected.forEach((key, group) -> compare(query + " " + key, actual.getOrDefault(key, null), group));
	}

	private static void compare(String what, @Nullable JsonNode item, List<RequestRecord> records) {
		assertThat(item).as(what).isNotNull();
		if (item == null) {
			return;
		}
		TokenUsage tokens = records.stream().map(RequestRecord::tokens).reduce(TokenUsage.NONE, TokenUsage::plus);
		BigDecimal cost = records.stream()
			.map(RequestRecord::cost)
			.map((amount) -> (amount != null) ? amount : BigDecimal.ZERO)
			.reduce(BigDecimal.ZERO, BigDecimal::add);
		assertThat(item.path("requests").asInt()).as(what).isEqualTo(records.size());
		assertThat(item.path("errors").asLong()).as(what)
			.isEqualTo(records.stream().filter(RequestRecord::failed).count());
		assertThat(item.path("unpricedRequests").asLong()).as(what)
			.isEqualTo(records.stream()
				.filter((record) -> record.cost() == null && record.tokens().input() + record.tokens().output() > 0)
				.count());
		assertThat(List.of("input", "output", "cached", "cacheWritten", "reasoning")
			.stream()
			.map((kind) -> item.path(kind + "Tokens").asLong())).as(what)
			.containsExactly(tokens.input(), tokens.output(), tokens.cached(), tokens.cacheWritten(),
					tokens.reasoning());
		assertThat(item.path("cost").decimalValue()).as(what).isEqualByComparingTo(cost);
		List<Long> latencies = records.stream().map(RequestRecord::totalMs).toList();
		percentile(what, item.path("p50Ms"), latencies, 0.5);
		percentile(what, item.path("p95Ms"), latencies, 0.95);
		percentile(what, item.path("p99Ms"), latencies, 0.99);
		List<Long> chunks = new ArrayList<>();
		records.forEach((record) -> {
			Long chunk = record.firstChunkMs();
			if (chunk != null) {
				chunks.add(chunk);
			}
		});
		percentile(what, item.path("firstChunkP50Ms"), chunks, 0.5);
	}

	private static void percentile(String what, JsonNode actual, List<Long> values, double share) {
		if (values.isEmpty()) {
			assertThat(actual.isNull()).as(what).isTrue();
			return;
		}
		List<Long> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
		double exact = sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
		assertThat((double) actual.asLong()).as(what).isBetween(exact * 0.984, exact * 1.016);
	}

	private static String bucket(RequestRecord record, String interval) {
		return switch (interval) {
			case "minute" -> record.time().truncatedTo(ChronoUnit.MINUTES).toString();
			case "hour" -> record.time().truncatedTo(ChronoUnit.HOURS).toString();
			case "day" -> record.time().truncatedTo(ChronoUnit.DAYS).toString();
			default -> "";
		};
	}

	private JsonNode report(String query) {
		return json(get(uri(query)));
	}

	private String uri(String query) {
		return "/api/usage?from=%s&to=%s%s".formatted(this.begin.minus(Duration.ofHours(6)),
				this.time.instant().plusSeconds(60), query.replace("=cmd", "%3Dcmd"));
	}

	private long total(String query) {
		return json(get("/api/usage?" + query)).path("items")
			.valueStream()
			.mapToLong((item) -> item.path("requests").asLong())
			.sum();
	}

	private void expectField(String query, String field, Object... variables) {
		expectProblem(get("/api/usage?" + query, variables), 400).jsonPath("$.errors[0].field").isEqualTo(field);
	}

	private long rows() {
		return this.jdbc.sql("select count(*) from keymux_usage").query(Long.class).single();
	}

	private List<@Nullable Integer> steps() {
		return this.jdbc.sql("select distinct step from keymux_usage order by step").query(Integer.class).list();
	}

}
