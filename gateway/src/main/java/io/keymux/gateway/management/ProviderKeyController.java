package io.keymux.gateway.management;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.bulk.KeyAction;
import io.keymux.gateway.bulk.KeyExport;
import io.keymux.gateway.bulk.KeyImports;
import io.keymux.gateway.bulk.KeyJobs;
import io.keymux.gateway.bulk.KeySelection;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.key.KeyCondition;
import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.task.Task;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Provider keys over HTTP, always masked. */
@Tag(name = "Provider keys")
@RestController
@RequestMapping(path = "/api/groups/{group}/keys", produces = MediaType.APPLICATION_JSON_VALUE)
class ProviderKeyController {

	/** Buffers of an upload that may wait to be read. */
	private static final int UPLOAD_DEMAND = 4;

	private final ProviderKeys keys;

	private final KeyImports imports;

	private final KeyExport export;

	private final KeyJobs jobs;

	private final Blocking blocking;

	private final Documents documents;

	private final InstantSource time;

	ProviderKeyController(ProviderKeys keys, KeyImports imports, KeyExport export, KeyJobs jobs, Blocking blocking,
			Documents documents, InstantSource time) {
		this.keys = keys;
		this.imports = imports;
		this.export = export;
		this.jobs = jobs;
		this.blocking = blocking;
		this.documents = documents;
		this.time = time;
	}

	@Operation(summary = "Lists keys of a group: of one status, with a text, or one very key")
	@GetMapping
	Page<ProviderKeyBody> list(@PathVariable String group, @RequestParam(defaultValue = Page.FIRST) int page,
			@RequestParam(defaultValue = Page.SIZE) int size, @RequestParam(required = false) @Nullable String status,
			@RequestParam(required = false) @Nullable String text,
			@RequestParam(required = false) @Nullable String key) {
		Page.check(page, size);
		ProviderKeys.KeyPage found = this.keys.list(group, new KeyQuery(page, size, condition(status), text, key));
		Instant now = this.time.instant();
		List<ProviderKeyBody> items = found.keys().stream().map((item) -> ProviderKeyBody.of(item, now)).toList();
		return new Page<>(items, page, size, found.total());
	}

	@Operation(summary = "Adds keys; those the group has already are ignored")
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ProviderKeys.AddedKeys add(Actor actor, @PathVariable String group, @RequestBody NewKeysBody body) {
		return this.keys.add(actor, group, body.newKeys());
	}

	@Operation(summary = "Changes a key (RFC 7386)")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = KeyEditBody.class)))
	@PatchMapping(path = "/{id}", consumes = { MediaType.APPLICATION_JSON_VALUE, Documents.MERGE_PATCH })
	ProviderKeyBody update(Actor actor, @PathVariable String group, @PathVariable long id,
			@RequestBody JsonNode patch) {
		return ProviderKeyBody.of(
				this.keys.update(actor, group, id,
						(edit) -> this.documents.merge(KeyEditBody.of(edit), patch, KeyEditBody.class).edit()),
				this.time.instant());
	}

	@Operation(summary = "Deletes a key")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@DeleteMapping("/{id}")
	void delete(Actor actor, @PathVariable String group, @PathVariable long id) {
		this.keys.delete(actor, group, id);
	}

	@Operation(summary = "Imports keys of any number, one a line, as a task",
			description = "An upload with a line that can be no key adds nothing.")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(mediaType = MediaType.TEXT_PLAIN_VALUE, schema = @Schema(type = "string")))
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(path = "/import", consumes = MediaType.TEXT_PLAIN_VALUE)
	ResponseEntity<Task> importKeys(Actor actor, @PathVariable String group,
			@Parameter(hidden = true) ServerHttpRequest request) throws IOException {
		return TaskController.accepted(this.imports.start(actor, group,
				() -> DataBufferUtils.subscriberInputStream(request.getBody(), UPLOAD_DEMAND)));
	}

	@Operation(summary = "Exports the keys themselves, one a line")
	@ApiResponse(responseCode = "200",
			content = @Content(mediaType = MediaType.TEXT_PLAIN_VALUE, schema = @Schema(type = "string")))
	@GetMapping(path = "/export", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> export(Actor actor, @PathVariable String group,
			@RequestParam(required = false) @Nullable String status) {
		return this.blocking.many(() -> this.export.lines(actor, group, KeyQuery.all(condition(status))));
	}

	@Operation(summary = "Lets keys take turns, as a task")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(path = "/enable", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Task> enable(Actor actor, @PathVariable String group, @RequestBody KeySelectionBody selection) {
		return start(actor, group, KeyAction.ENABLE, selection);
	}

	@Operation(summary = "Takes keys out, as a task")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(path = "/disable", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Task> disable(Actor actor, @PathVariable String group, @RequestBody KeySelectionBody selection) {
		return start(actor, group, KeyAction.DISABLE, selection);
	}

	@Operation(summary = "Deletes keys, as a task")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(path = "/delete", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Task> deleteAll(Actor actor, @PathVariable String group, @RequestBody KeySelectionBody selection) {
		return start(actor, group, KeyAction.DELETE, selection);
	}

	@Operation(summary = "Forgets what speaks against keys, as a task")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(path = "/restore", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Task> restore(Actor actor, @PathVariable String group, @RequestBody KeySelectionBody selection) {
		return start(actor, group, KeyAction.RESTORE, selection);
	}

	@Operation(summary = "Asks the provider whether keys work, as a task")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping(path = "/probe", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Task> probe(Actor actor, @PathVariable String group, @RequestBody KeySelectionBody selection) {
		return start(actor, group, KeyAction.PROBE, selection);
	}

	private ResponseEntity<Task> start(Actor actor, String group, KeyAction action, KeySelectionBody selection) {
		return TaskController.accepted(this.jobs.start(actor, group, action, selection.selection()));
	}

	private static @Nullable KeyCondition condition(@Nullable String status) {
		if (status == null) {
			return null;
		}
		for (KeyCondition condition : KeyCondition.values()) {
			if (condition.name().toLowerCase(Locale.ROOT).equals(status)) {
				return condition;
			}
		}
		throw new Problem.Invalid("status", "'%s' (expected: active, cooling, ejected or disabled)".formatted(status));
	}

	/** Keys to be added. */
	record NewKeysBody(@Nullable List<@Nullable String> keys) {

		List<NewKey> newKeys() {
			FieldErrors errors = new FieldErrors();
			errors.check(this.keys != null && !this.keys.isEmpty(), "keys", "none (expected: at least one key)");
			List<String> secrets = Documents.elements(errors, "keys", this.keys);
			errors.throwIfAny();
			return secrets.stream().map((secret) -> NewKey.of(secret.strip())).toList();
		}

		@Override
		public String toString() {
			return "NewKeysBody";
		}

	}

	/** Keys by id, those a filter finds, or all. */
	@Schema(name = "KeySelection")
	record KeySelectionBody(@Nullable List<@Nullable Long> ids, @Nullable KeyCondition status, @Nullable String text,
			@Nullable Boolean all) {

		KeySelection selection() {
			FieldErrors errors = new FieldErrors();
			List<Long> chosen = Documents.elements(errors, "ids", this.ids);
			errors.throwIfAny();
			return new KeySelection((this.ids != null) ? chosen : null, this.status, this.text, this.all);
		}

	}

}
