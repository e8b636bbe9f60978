package io.keymux.gateway.management;

import java.net.URI;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keymux.gateway.admin.ApiToken;
import io.keymux.gateway.admin.ApiTokens;
import io.keymux.gateway.admin.IssuedApiToken;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.admin.StoredApiToken;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.Documents;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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

/** API tokens over HTTP; a secret is shown once, when it is issued. */
@Tag(name = "API tokens")
@RestController
@RequestMapping(path = "/api/tokens", produces = MediaType.APPLICATION_JSON_VALUE)
class ApiTokenController {

	private final ApiTokens tokens;

	private final Documents documents;

	ApiTokenController(ApiTokens tokens, Documents documents) {
		this.tokens = tokens;
		this.documents = documents;
	}

	@Operation(summary = "Lists the API tokens")
	@GetMapping
	Page<Shown> list(@RequestParam(defaultValue = Page.FIRST) int page,
			@RequestParam(defaultValue = Page.SIZE) int size) {
		return Page.of(this.tokens.list(), page, size, (stored) -> Shown.of(stored, null));
	}

	@Operation(summary = "Adds an API token; its secret is in this answer only")
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Shown> create(Actor actor, @RequestBody ApiTokenBody body) {
		IssuedApiToken issued = this.tokens.create(actor, body.token(0, ""));
		return answer(ResponseEntity.created(URI.create("/api/tokens/" + issued.stored().token().id())),
				issued.stored(), issued.secret());
	}

	@Operation(summary = "Shows an API token")
	@GetMapping("/{id}")
	ResponseEntity<Shown> get(@PathVariable long id) {
		return answer(ResponseEntity.ok(), this.tokens.get(id), null);
	}

	@Operation(summary = "Merges changes into an API token (RFC 7386)",
			description = "Sessions that were begun with it end.")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = ApiTokenBody.class)))
	@PatchMapping(path = "/{id}", consumes = { MediaType.APPLICATION_JSON_VALUE, Documents.MERGE_PATCH })
	ResponseEntity<Shown> merge(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestBody JsonNode patch) {
		return answer(ResponseEntity.ok(),
				this.tokens.update(actor, id, Versions.expected(ifMatch),
						(token) -> this.documents.merge(ApiTokenBody.of(token), patch, ApiTokenBody.class)
							.token(token.id(), token.masked())),
				null);
	}

	@Operation(summary = "Deletes an API token", description = "Sessions that were begun with it end.")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@DeleteMapping("/{id}")
	void delete(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		this.tokens.delete(actor, id, Versions.expected(ifMatch));
	}

	@Operation(summary = "Gives an API token a new secret, which is in this answer only",
			description = "The old secret ends at once, and so do sessions that were begun with it.")
	@PostMapping("/{id}/rotate")
	ResponseEntity<Shown> rotate(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		IssuedApiToken issued = this.tokens.rotate(actor, id, Versions.expected(ifMatch));
		return answer(ResponseEntity.ok(), issued.stored(), issued.secret());
	}

	private static ResponseEntity<Shown> answer(ResponseEntity.BodyBuilder builder, StoredApiToken stored,
			@Nullable String secret) {
		return builder.eTag(Versions.tag(stored.version())).body(Shown.of(stored, secret));
	}

	/** An API token as the API shows it, with its secret only when it is issued. */
	@Schema(name = "ApiToken")
	record Shown(long id, String name, Role role, String masked, boolean enabled, @Nullable Instant expiresAt,
			Instant createdAt, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret) {

		static Shown of(StoredApiToken stored, @Nullable String secret) {
			ApiToken token = stored.token();
			return new Shown(token.id(), token.name(), token.role(), token.masked(), token.enabled(), token.expiresAt(),
					stored.createdAt(), secret);
		}

		@Override
		public String toString() {
			return "ApiToken[id=" + this.id + "]";
		}

	}

}
