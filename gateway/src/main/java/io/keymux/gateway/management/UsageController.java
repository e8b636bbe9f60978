package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.token.TokenUsage;
import io.keymux.gateway.usage.Dimension;
import io.keymux.gateway.usage.Interval;
import io.keymux.gateway.usage.Usage;
import io.keymux.gateway.usage.UsageQuery;
import io.keymux.gateway.usage.UsageReport;
import io.keymux.gateway.usage.UsageRow;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Usage over HTTP. */
@Tag(name = "Usage")
@RestController
class UsageController {

	private static final String CSV = "text/csv";

	private final Usage usage;

	UsageController(Usage usage) {
		this.usage = usage;
	}

	@Operation(summary = "Adds up requests, tokens and cost, with percentiles of latency",
			description = "Of the last day by default. interval: minute, hour or day in UTC; without it a row is about"
					+ " the whole span. groupBy: some of group, model and caller, or provider-key with or without"
					+ " group, separated by commas. What nobody used has no row. format: json or csv.")
	@ApiResponse(responseCode = "200",
			content = {
					@Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
							schema = @Schema(implementation = Report.class)),
					@Content(mediaType = CSV, schema = @Schema(type = "string")) })
	@GetMapping(path = "/api/usage", produces = { MediaType.APPLICATION_JSON_VALUE, CSV })
	ResponseEntity<Object> usage(@RequestParam(required = false) @Nullable String from,
			@RequestParam(required = false) @Nullable String to,
			@RequestParam(required = false) @Nullable String interval,
			@RequestParam(required = false) @Nullable String groupBy,
			@RequestParam(required = false) @Nullable String group,
			@RequestParam(required = false) @Nullable String model,
			@RequestParam(required = false) @Nullable String caller,
			@RequestParam(required = false) @Nullable Long providerKey,
			@RequestParam(defaultValue = "json") String format) {
		boolean csv = csv(format);
		UsageReport report = this.usage.find(new UsageQuery(instant("from", from), instant("to", to),
				(interval != null) ? named("interval", interval, Interval.values(), Interval::key) : null,
				dimensions(groupBy), group, model, caller, providerKey));
		List<Row> rows = report.rows().stream().map(Row::of).toList();
		return csv
				? ResponseEntity.ok()
					.contentType(MediaType.parseMediaType(CSV))
					.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"usage.csv\"")
					.body(Row.CSV_HEADER + rows.stream().map(Row::csv).collect(Collectors.joining()))
				: ResponseEntity.ok()
					.contentType(MediaType.APPLICATION_JSON)
					.body(new Report(report.from(), report.to(), rows));
	}

	private static boolean csv(String format) {
		return switch (format) {
			case "csv" -> true;
			case "json" -> false;
			default -> throw new Problem.Invalid("format", "'%s' (expected: json or csv)".formatted(format));
		};
	}

	private static Set<Dimension> dimensions(@Nullable String text) {
		Set<Dimension> dimensions = EnumSet.noneOf(Dimension.class);
		if (text != null && !text.isEmpty()) {
			for (String name : text.split(",", -1)) {
				dimensions.add(named("groupBy", name.strip(), Dimension.values(), Dimension::key));
			}
		}
		return dimensions;
	}

	private static <T> T named(String parameter, String name, T[] values, Function<T, String> key) {
		return Arrays.stream(values)
			.filter((value) -> key.apply(value).equals(name))
			.findFirst()
			.orElseThrow(() -> new Problem.Invalid(parameter, "'%s' (expected: one of %s)".formatted(name,
					Arrays.stream(values).map(key).collect(Collectors.joining(", ")))));
	}

	private static @Nullable Instant instant(String parameter, @Nullable String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			throw new Problem.Invalid(parameter,
					"'%s' (expected: a time such as 2030-01-31T12:00:00Z)".formatted(text));
		}
	}

	/** Usage within a span. */
	@Schema(name = "Usage")
	record Report(Instant from, Instant to, List<Row> items) {
	}

	/** A row as the API shows it. */
	@Schema(name = "UsageRow")
	record Row(Instant from, Instant to, @Nullable String group, @Nullable String model, @Nullable String caller,
			@Nullable Long providerKeyId, @Nullable String providerKey, long requests, long errors,
			long unpricedRequests, long inputTokens, long outputTokens, long cachedTokens, long cacheWrittenTokens,
			long reasoningTokens, BigDecimal cost, @Nullable Long p50Ms, @Nullable Long p95Ms, @Nullable Long p99Ms,
			@Nullable Long firstChunkP50Ms) {

		static final String CSV_HEADER = "from,to,group,model,caller,providerKeyId,providerKey,requests,errors,"
				+ "unpricedRequests,inputTokens,outputTokens,cachedTokens,cacheWrittenTokens,reasoningTokens,cost,"
				+ "p50Ms,p95Ms,p99Ms,firstChunkP50Ms\r\n";

		static Row of(UsageRow row) {
			TokenUsage tokens = row.tokens();
			return new Row(row.from(), row.to(), row.group(), row.model(), row.caller(), row.providerKeyId(),
					row.providerKey(), row.requests(), row.errors(), row.unpricedRequests(), tokens.input(),
					tokens.output(), tokens.cached(), tokens.cacheWritten(), tokens.reasoning(), row.cost(),
					row.p50Ms(), row.p95Ms(), row.p99Ms(), row.firstChunkP50Ms());
		}

		String csv() {
			return Csv.row(this.from, this.to, this.group, this.model, this.caller, this.providerKeyId,
					this.providerKey, this.requests, this.errors, this.unpricedRequests, this.inputTokens,
					this.outputTokens, this.cachedTokens, this.cacheWrittenTokens, this.reasoningTokens,
					this.cost.toPlainString(), this.p50Ms, this.p95Ms, this.p99Ms, this.firstChunkP50Ms);
		}

	}

}
