package io.keymux.gateway.management;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.access.AccessKeys;
import io.keymux.gateway.access.IssuedAccessKey;
import io.keymux.gateway.access.StoredAccessKey;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.AccessKeyBody;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.document.NewAccessKey;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import io.keymux.gateway.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Access keys over HTTP; a secret is shown once, when it is issued. */
@Tag(name = "Access keys")
@RestController
@RequestMapping(path = "/api/access-keys", produces = MediaType.APPLICATION_JSON_VALUE)
class AccessKeyController {

	private final AccessKeys keys;

	private final Documents documents;

	private final CallerConsumption consumption;

	AccessKeyController(AccessKeys keys, Documents documents, CallerConsumption consumption) {
		this.keys = keys;
		this.documents = documents;
		this.consumption = consumption;
	}

	@Operation(summary = "Lists the access keys")
	@GetMapping
	Page<Shown> list(@RequestParam(defaultValue = Page.FIRST) int page,
			@RequestParam(defaultValue = Page.SIZE) int size) {
		return Page.of(this.keys.list(), page, size, (stored) -> Shown.of(stored.key(), null));
	}

	@Operation(summary = "Adds an access key; its secret is in this answer only")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = NewAccessKey.class)))
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Shown> create(Actor actor, @RequestBody JsonNode body) {
		NewAccessKey wanted = NewAccessKey.read(this.documents, body);
		IssuedAccessKey issued = this.keys.create(actor, wanted.body().accessKey(0, "", null), wanted.key());
		return answer(ResponseEntity.created(URI.create("/api/access-keys/" + issued.stored().key().id())),
				issued.stored(), issued.secret());
	}

	@Operation(summary = "Shows an access key and what it has used up of its limits")
	@GetMapping("/{id}")
	ResponseEntity<Shown> get(@PathVariable long id) {
		StoredAccessKey stored = this.keys.get(id);
		AccessKey key = stored.key();
		return ResponseEntity.ok()
			.eTag(Versions.tag(stored.version()))
			.body(Shown.of(key, null, this.consumption.of(key.id(), key.name(), key.limits(), key.quota())));
	}

	@Operation(summary = "Merges changes into an access key (RFC 7386)")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = AccessKeyBody.class)))
	@PatchMapping(path = "/{id}", consumes = { MediaType.APPLICATION_JSON_VALUE, Documents.MERGE_PATCH })
	ResponseEntity<Shown> merge(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestBody JsonNode patch) {
		return answer(ResponseEntity.ok(),
				this.keys.update(actor, id, Versions.expected(ifMatch),
						(key) -> this.documents.merge(AccessKeyBody.of(key), patch, AccessKeyBody.class)
							.accessKey(key.id(), key.masked(), key.previousUntil())),
				null);
	}

	@Operation(summary = "Deletes an access key")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@DeleteMapping("/{id}")
	void delete(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		this.keys.delete(actor, id, Versions.expected(ifMatch));
	}

	@Operation(summary = "Gives an access key a new secret, which is in this answer only",
			description = "The old secret ends at once, or after the overlap.")
	@PostMapping("/{id}/rotate")
	ResponseEntity<Shown> rotate(Actor actor, @PathVariable long id,
			@RequestBody(required = false) @Nullable Rotation rotation) {
		IssuedAccessKey issued = this.keys.rotate(actor, id, (rotation != null) ? rotation.duration() : Duration.ZERO);
		return answer(ResponseEntity.ok(), issued.stored(), issued.secret());
	}

	private static ResponseEntity<Shown> answer(ResponseEntity.BodyBuilder builder, StoredAccessKey stored,
			@Nullable String secret) {
		return builder.eTag(Versions.tag(stored.version())).body(Shown.of(stored.key(), secret));
	}

	/** How an access key is rotated; without overlap the old secret ends at once. */
	record Rotation(@Schema(example = "24h") @Nullable String overlap) {

		Duration duration() {
			try {
				return (this.overlap != null) ? DurationStyle.detectAndParse(this.overlap) : Duration.ZERO;
			}
			catch (IllegalArgumentException | ArithmeticException ex) {
				throw new Problem.Invalid("overlap",
						"'%s' (expected: a duration such as 15m or 24h)".formatted(this.overlap));
			}
		}

	}

	/** An access key as the API shows it, with its secret only when it is issued. */
	@Schema(name = "AccessKey")
	record Shown(long id, String name, String masked, List<String> groups, List<String> models, boolean enabled,
			@Nullable Instant expiresAt, @Nullable Instant previousUntil, Limits limits, @Nullable Quota quota,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ConsumptionBody consumption,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key) {

		static Shown of(AccessKey key, @Nullable String secret) {
			return of(key, secret, null);
		}

		static Shown of(AccessKey key, @Nullable String secret, @Nullable ConsumptionBody consumption) {
			return new Shown(key.id(), key.name(), key.masked(), key.groups(), key.models(), key.enabled(),
					key.expiresAt(), key.previousUntil(), key.limits(), key.quota(), consumption, secret);
		}

		@Override
		public String toString() {
			return "AccessKey[id=" + this.id + "]";
		}

	}

}
