package io.keymux.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How long pages of very many request records take, with every filter there is. */
public final class RecordPages {

	private static final int DAYS = 7;

	private static final int STEP = 100_000;

	private static final int ERRORS = 500;

	private static final int WARM_UP = 300;

	/** Pages of one filter that are read one after the other. */
	private static final int FOLLOWED = 4;

	private static final long DAY_MS = Duration.ofDays(1).toMillis();

	private static final Pattern NEXT = Pattern.compile("\"next\":\"([0-9a-f]{32})\"");

	private static final Pattern ITEM = Pattern.compile("\"clientAddress\":");

	/**
	 * Half of the rows have the first value, a quarter the second, and so on: from very
	 * many to almost none.
	 */
	private static final String SKEWED = "concat('%1$s', 20 - floor(log2(1 + mod(crc32(concat('%1$s', seq)), 1048575))))";

	private static final String STATUS = "case when mod(h, 1000) < 950 then 200 when mod(h, 1000) < 980 then 429 "
			+ "when mod(h, 1000) < 990 then 400 when mod(h, 1000) < 998 then 500 else 503 end";

	private static final String OUTCOME = "case when mod(h, 1000) < 950 then 'accepted' when mod(h, 1000) < 980 "
			+ "then 'throttled' when mod(h, 1000) < 990 then 'caller-rejected' else 'upstream-failed' end";

	private RecordPages() {
	}

	/**
	 * Fills a database, or reads pages of it.
	 * @param args {@code fill}, its JDBC URL and the number of rows; or {@code read} and
	 * the URL of a gateway on it
	 * @throws Exception if anything does not work
	 */
	public static void main(String[] args) throws Exception {
		if (args[0].equals("fill")) {
			fill(args[1], Integer.parseInt(args[2]));
		}
		else {
			read(args[1], System.getenv("BENCH_ADMIN_KEY"));
		}
	}

	private static void fill(String url, int rows) throws SQLException {
		long end = Instant.now().toEpochMilli();
		long begin = end - DAYS * DAY_MS;
		try (Connection connection = DriverManager.getConnection(url, "root", "");
				Statement statement = connection.createStatement()) {
			statement.execute("set global innodb_flush_log_at_trx_commit = 0");
			statement.execute(
					"alter table keymux_record partition by range (epoch_day) (%s, partition later values less than maxvalue)"
						.formatted(IntStream.rangeClosed((int) (begin / DAY_MS), (int) (end / DAY_MS) + 3)
							.mapToObj((day) -> "partition d%d values less than (%d)".formatted(day, day + 1))
							.collect(Collectors.joining(", "))));
			statement.execute("insert into keymux_record_error (text_hash, error_text, last_day) "
					+ "select sha2(seq, 256), concat('Failure ', char(65 + mod(seq, 26)), char(65 + seq div 26), ' of the bench'), "
					+ end / DAY_MS + " from seq_1_to_" + ERRORS);
			for (int first = 1; first <= rows; first += STEP) {
				int last = Math.min(rows, first + STEP - 1);
				statement.execute(insert(begin, (double) (end - begin) / rows, first, last));
				System.err.printf("\r  %,d rows", last);
			}
			System.err.println();
			statement.execute("set global innodb_flush_log_at_trx_commit = 1");
		}
	}

	private static String insert(long begin, double apart, int first, int last) {
		Map<String, String> columns = new LinkedHashMap<>();
		columns.put("id", "unhex(concat(lpad(hex(ms), 12, '0'), lpad(hex(h), 8, '0'), lpad(hex(seq), 12, '0')))");
		columns.put("epoch_day", "ms div " + DAY_MS);
		columns.put("provider", "'openai'");
		columns.put("group_name", SKEWED.formatted("group-"));
		columns.put("access_key", SKEWED.formatted("caller-"));
		columns.put("client_address", "'192.0.2.17'");
		columns.put("trace_id", "md5(seq)");
		columns.put("operation", "'chat'");
		columns.put("stream", "mod(crc32(concat('s', seq)), 2)");
		columns.put("requested_model", SKEWED.formatted("model-"));
		columns.put("model", SKEWED.formatted("model-"));
		columns.put("response_model", SKEWED.formatted("model-"));
		columns.put("provider_key_id", "mod(crc32(concat('k', seq)), 500)");
		columns.put("status", STATUS);
		columns.put("status_class", "(" + STATUS + ") div 100");
		columns.put("outcome", OUTCOME);
		columns.put("error_id", "if(mod(h, 1000) < 950, null, 1 + mod(crc32(concat('e', seq)), " + ERRORS + "))");
		columns.put("attempts",
				"concat('[{\"number\":1,\"member\":null,\"providerKeyId\":17,\"providerKey\":\"...wxyz\",\"upstream\":\"https://api.example\",\"status\":',"
						+ STATUS + ",',\"outcome\":\"ACCEPTED\",\"startMs\":1,\"headMs\":320,\"error\":null}]')");
		columns.put("bytes_in", "1200");
		columns.put("bytes_out", "3400");
		columns.put("queue_ms", "1");
		columns.put("first_chunk_ms", "330");
		columns.put("total_ms", "2100");
		columns.put("input_tokens", "mod(h, 3000)");
		columns.put("output_tokens", "mod(h, 700)");
		columns.put("cached_tokens", "0");
		columns.put("cache_written_tokens", "0");
		columns.put("reasoning_tokens", "0");
		columns.put("usage_source", "'reported'");
		columns.put("cost", "0.001234");
		columns.put("ended", "'complete'");
		return "insert into keymux_record (%s) select %s from (select seq, %d + floor(seq * %f) ms, crc32(seq) h from seq_%d_to_%d) numbers"
			.formatted(String.join(", ", columns.keySet()), String.join(", ", columns.values()), begin, apart, first,
					last);
	}

	private static void read(String gateway, String adminKey) throws IOException, InterruptedException {
		Pages pages = new Pages(gateway, adminKey);
		for (int i = 0; i < WARM_UP; i++) {
			pages.get("size=50");
			pages.get("size=50&group=group-3&status=429");
		}
		String middle = "%012x%020x".formatted(Instant.now().minus(Duration.ofHours(84)).toEpochMilli(), 0);
		String late = "%012x%020x".formatted(Instant.now().minus(Duration.ofHours(166)).toEpochMilli(), 0);
		String span = "&from=%s&to=%s".formatted(Instant.now().minus(Duration.ofHours(100)),
				Instant.now().minus(Duration.ofHours(70)));
		System.out.println("| filter | pages | records | median ms | worst ms |\n|---|--:|--:|--:|--:|");
		List<Long> all = new ArrayList<>();
		for (String filter : filters()) {
			List<Long> times = new ArrayList<>();
			int records = 0;
			for (String start : List.of("size=50", "size=200", "size=50&after=" + middle, "size=200&after=" + middle,
					"size=200&after=" + late, "size=50" + span)) {
				String after = "";
				for (int page = 0; page < FOLLOWED; page++) {
					long begin = System.nanoTime();
					String answer = pages
						.get(start.replaceAll(after.isEmpty() ? "^" : "&after=\\w+", "") + filter + after);
					times.add((System.nanoTime() - begin) / 1000);
					records += (int) ITEM.matcher(answer).results().count();
					Matcher next = NEXT.matcher(answer);
					if (!next.find()) {
						break;
					}
					after = "&after=" + next.group(1);
				}
			}
			all.addAll(times);
			System.out.printf("| %s | %d | %d | %.0f | %.0f |%n", filter.isEmpty() ? "none" : filter.substring(1),
					times.size(), records, millis(times, 0.5), millis(times, 1));
		}
		System.out.printf("| **all** | %d | | %.0f | %.0f |%n", all.size(), millis(all, 0.5), millis(all, 1));
	}

	private static double millis(List<Long> micros, double quantile) {
		List<Long> sorted = micros.stream().sorted().toList();
		return sorted.get((int) Math.round(quantile * (sorted.size() - 1))) / 1000.0;
	}

	/** Each filter with common and rare values, and each pair of filters. */
	private static List<String> filters() {
		List<List<String>> values = List.of(
				List.of("&group=group-1", "&group=group-5", "&group=group-12", "&group=group-19", "&group=nobody"),
				List.of("&accessKey=caller-1", "&accessKey=caller-6", "&accessKey=caller-19"),
				List.of("&model=model-1", "&model=model-6", "&model=model-19"), List.of("&providerKey=77"),
				List.of("&status=200", "&status=429", "&status=503", "&status=5xx", "&status=404"),
				List.of("&outcome=accepted", "&outcome=throttled", "&outcome=refused"),
				List.of("&stream=true", "&stream=false"), List.of("&traceId=c4ca4238a0b923820dcc509a6f75849b"),
				List.of("&error=failure", "&error=BC+of", "&error=unheard"));
		List<String> filters = new ArrayList<>(List.of(""));
		values.forEach(filters::addAll);
		for (int first = 0; first < values.size(); first++) {
			for (int second = first + 1; second < values.size(); second++) {
				for (String one : values.get(first)) {
					for (String other : values.get(second)) {
						filters.add(one + other);
					}
				}
			}
		}
		filters.add("&group=group-1&accessKey=caller-1&model=model-1&status=503&stream=true&error=BC+of");
		filters.add("&group=group-2&outcome=accepted&stream=false&model=model-3&providerKey=5");
		return filters;
	}

	/** Pages over HTTP. */
	private static final class Pages {

		private final HttpClient client = HttpClient.newHttpClient();

		private final String gateway;

		private final String adminKey;

		Pages(String gateway, String adminKey) {
			this.gateway = gateway;
			this.adminKey = adminKey;
		}

		String get(String query) throws IOException, InterruptedException {
			HttpResponse<String> answer = this.client
				.send(HttpRequest.newBuilder(URI.create(this.gateway + "/api/records?" + query))
					.header("Authorization", "Bearer " + this.adminKey)
					.build(), BodyHandlers.ofString());
			if (answer.statusCode() != 200) {
				throw new IOException("%s: %d %s".formatted(query, answer.statusCode(), answer.body()));
			}
			return answer.body();
		}

	}

}
