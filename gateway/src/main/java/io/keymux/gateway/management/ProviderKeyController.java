package io.keymux.gateway.management;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.key.KeyCondition;
import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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

	private final ProviderKeys keys;

	private final Documents documents;

	private final InstantSource time;

	ProviderKeyController(ProviderKeys keys, Documents documents, InstantSource time) {
		this.keys = keys;
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

	@Operation(summary = "Lets keys take turns again, by id or all of one status")
	@PostMapping(path = "/restore", consumes = MediaType.APPLICATION_JSON_VALUE)
	RestoredKeys restore(@PathVariable String group, @RequestBody KeySelection selection) {
		List<@Nullable Long> ids = selection.ids();
		KeyCondition status = selection.status();
		if ((ids == null) == (status == null)) {
			throw new Problem.Invalid("", "expected: either ids or status");
		}
		if (status != null) {
			return new RestoredKeys(this.keys.restore(group, status));
		}
		FieldErrors errors = new FieldErrors();
		List<Long> chosen = Documents.elements(errors, "ids", ids);
		errors.throwIfAny();
		return new RestoredKeys(this.keys.restore(group, chosen));
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
			return secrets.stream().map((secret) -> new NewKey(secret.strip(), 1, null)).toList();
		}

		@Override
		public String toString() {
			return "NewKeysBody";
		}

	}

	/** Keys by id, or all of one status. */
	record KeySelection(@Nullable List<@Nullable Long> ids, @Nullable KeyCondition status) {
	}

	/** How many keys take turns again. */
	record RestoredKeys(int restored) {
	}

}
