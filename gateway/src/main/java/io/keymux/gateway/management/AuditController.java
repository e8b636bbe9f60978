package io.keymux.gateway.management;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditEntry;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.audit.AuditQuery;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log over HTTP: read only. */
@Tag(name = "Audit")
@RestController
@RequestMapping("/api/audit")
class AuditController {

	private final AuditLog audit;

	private final Blocking blocking;

	private final JsonMapper json;

	AuditController(AuditLog audit, Blocking blocking, JsonMapper json) {
		this.audit = audit;
		this.blocking = blocking;
		this.json = json;
	}

	@Operation(summary = "Tells who changed what, the newest first",
			description = "An action may end with *, such as group.*; next goes on behind the last entry.")
	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	AuditPage list(@RequestParam(required = false) @Nullable Long after,
			@RequestParam(defaultValue = Page.SIZE) int size, @RequestParam(required = false) @Nullable String actor,
			@RequestParam(required = false) @Nullable String action,
			@RequestParam(required = false) @Nullable String target,
			@RequestParam(required = false) @Nullable String from,
			@RequestParam(required = false) @Nullable String to) {
		Page.check(0, size);
		AuditQuery query = new AuditQuery(after, actor, action, target, instant("from", from), instant("to", to));
		List<AuditEntry> found = this.audit.find(query, size);
		return new AuditPage(found.stream().map(Entry::of).toList(),
				(found.size() == size) ? String.valueOf(found.getLast().id()) : null);
	}

	@Operation(summary = "Exports the audit log, the newest first")
	@ApiResponse(responseCode = "200",
			content = { @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
					@Content(mediaType = "text/csv", schema = @Schema(type = "string")) })
	@GetMapping(path = "/export", produces = { "application/x-ndjson", "text/csv" })
	ResponseEntity<Flux<String>> export(@RequestParam(defaultValue = "ndjson") String format,
			@RequestParam(required = false) @Nullable String actor,
			@RequestParam(required = false) @Nullable String action,
			@RequestParam(required = false) @Nullable String target,
			@RequestParam(required = false) @Nullable String from,
			@RequestParam(required = false) @Nullable String to) {
		AuditQuery query = new AuditQuery(null, actor, action, target, instant("from", from), instant("to", to));
		return switch (format) {
			case "ndjson" -> download("audit.ndjson", MediaType.APPLICATION_NDJSON,
					this.blocking.many(() -> this.audit.all(query).map(this::line)));
			case "csv" -> download("audit.csv", MediaType.parseMediaType("text/csv"), this.blocking
				.many(() -> Stream.concat(Stream.of(Entry.CSV_HEADER), this.audit.all(query).map(this::row))));
			default -> throw new Problem.Invalid("format", "'%s' (expected: ndjson or csv)".formatted(format));
		};
	}

	private static ResponseEntity<Flux<String>> download(String name, MediaType type, Flux<String> lines) {
		return ResponseEntity.ok()
			.contentType(type)
			.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(name))
			.body(lines);
	}

	private String line(AuditEntry entry) {
		return this.json.writeValueAsString(Entry.of(entry)) + "\n";
	}

	private String row(AuditEntry entry) {
		Actor actor = entry.actor();
		return Csv.row(entry.id(), entry.at(), actor.name(), this.json.valueToTree(actor.kind()).asString(),
				actor.address(), entry.action(), entry.target(), entry.before(), entry.after());
	}

	private static @Nullable Instant instant(String parameter, @Nullable String text) {
		try {
			Instant time = (text != null) ? Instant.parse(text) : null;
			FieldErrors errors = new FieldErrors();
			errors.checkTime(parameter, time);
			errors.throwIfAny();
			return time;
		}
		catch (DateTimeParseException ex) {
			throw new Problem.Invalid(parameter,
					"'%s' (expected: a time such as 2030-01-31T12:00:00Z)".formatted(text));
		}
	}

	/** Some entries, and where the next ones begin. */
	record AuditPage(List<Entry> items, @Nullable String next) {
	}

	/** An entry as the API shows it. */
	@Schema(name = "AuditEntry")
	record Entry(long id, Instant at, String actor, Actor.Kind actorKind, @Nullable String address, String action,
			String target, @Nullable JsonNode before, @Nullable JsonNode after) {

		static final String CSV_HEADER = "id,at,actor,actorKind,address,action,target,before,after\r\n";

		static Entry of(AuditEntry entry) {
			Actor actor = entry.actor();
			return new Entry(entry.id(), entry.at(), actor.name(), actor.kind(), actor.address(), entry.action(),
					entry.target(), entry.before(), entry.after());
		}

	}

}
