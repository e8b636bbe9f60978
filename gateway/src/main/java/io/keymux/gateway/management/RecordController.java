package io.keymux.gateway.management;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.record.RecordPage;
import io.keymux.gateway.record.RecordQuery;
import io.keymux.gateway.record.RecordReader;
import io.keymux.gateway.record.RecordTail;
import io.keymux.gateway.record.RequestRecord;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Request records over HTTP: read only. */
@Tag(name = "Records")
@RestController
@RequestMapping("/api/records")
class RecordController {

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private static final int MAX_SIZE = 200;

	private final RecordReader records;

	private final RecordTail tail;

	private final Blocking blocking;

	private final JsonMapper json;

	RecordController(RecordReader records, RecordTail tail, Blocking blocking, JsonMapper json) {
		this.records = records;
		this.tail = tail;
		this.blocking = blocking;
		this.json = json;
	}

	@Operation(summary = "Tells what was asked for, the latest first",
			description = "next goes on behind the last record. A page may be short, or even empty, and still have a next one.")
	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	Records list(@ParameterObject RecordParameters parameters, @RequestParam(required = false) @Nullable String after,
			@RequestParam(defaultValue = Page.SIZE) int size) {
		RecordQuery query = parameters.query(after, size, MAX_SIZE);
		RecordPage page = this.records.page(query, after, size);
		return new Records(page.items().stream().map((record) -> RecordBody.of(record, null, null)).toList(),
				page.next());
	}

	@Operation(summary = "Shows a record; its bodies, if they were kept, to operators and admins")
	@GetMapping("/{id}")
	RecordBody get(@AuthenticationPrincipal Administrator administrator, @PathVariable String id) {
		RequestRecord record = this.records.find(id)
			.orElseThrow(() -> new Problem.NotFound("Record '%s' does not exist.".formatted(id)));
		boolean bodies = administrator.role().includes(Role.OPERATOR);
		return RecordBody.of(record, bodies ? this.records.body(id, false) : null,
				bodies ? this.records.body(id, true) : null);
	}

	@Operation(summary = "Exports records, the latest first")
	@ApiResponse(responseCode = "200",
			content = { @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
					@Content(mediaType = "text/csv", schema = @Schema(type = "string")) })
	@GetMapping(path = "/export", produces = { "application/x-ndjson", "text/csv" })
	ResponseEntity<Flux<String>> export(@ParameterObject RecordParameters parameters,
			@RequestParam(defaultValue = "ndjson") String format) {
		RecordQuery query = parameters.query(null, 1, MAX_SIZE);
		return switch (format) {
			case "ndjson" -> download("records.ndjson", MediaType.APPLICATION_NDJSON,
					this.blocking.many(() -> this.records.all(query).map(this::line)));
			case "csv" -> download("records.csv", MediaType.parseMediaType("text/csv"), this.blocking.many(() -> Stream
				.concat(Stream.of(RecordBody.CSV_HEADER), this.records.all(query).map(RecordBody::row))));
			default -> throw new Problem.Invalid("format", "'%s' (expected: ndjson or csv)".formatted(format));
		};
	}

	private static ResponseEntity<Flux<String>> download(String name, MediaType type, Flux<String> lines) {
		return ResponseEntity.ok()
			.contentType(type)
			.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(name))
			.body(lines);
	}

	private String line(RequestRecord record) {
		return this.json.writeValueAsString(RecordBody.of(record, null, null)) + "\n";
	}

	@Operation(summary = "Tells records of this node from now on, as soon as they are stored")
	@ApiResponse(responseCode = "200",
			content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
					schema = @Schema(implementation = Event.class)))
	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<RecordBody>> events(@ParameterObject RecordParameters parameters) {
		RecordQuery query = parameters.query(null, 1, MAX_SIZE);
		Flux<ServerSentEvent<RecordBody>> records = this.tail.from(query)
			.map((record) -> ServerSentEvent.builder(RecordBody.of(record, null, null))
				.id(record.id())
				.event("record")
				.build());
		// The first comment tells at once that the stream is open.
		Flux<ServerSentEvent<RecordBody>> heartbeat = Flux.interval(Duration.ZERO, HEARTBEAT)
			.onBackpressureDrop()
			.map((_) -> ServerSentEvent.<RecordBody>builder().comment("").build());
		return Flux.merge(records, heartbeat);
	}

	/**
	 * One event of the stream, as the OpenAPI document shows it.
	 *
	 * @param id id of the record
	 * @param event its name
	 * @param data the record as JSON
	 */
	@Schema(name = "RecordEvent")
	private record Event(String id, @Schema(allowableValues = "record") String event,
			@Schema(contentMediaType = MediaType.APPLICATION_JSON_VALUE) String data) {
	}

	/** Some records, and where the next ones begin. */
	@Schema(name = "RecordPage")
	record Records(List<RecordBody> items, @Nullable String next) {
	}

}
