package io.keymux.gateway.management;

import java.net.URI;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.document.GroupBody;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.group.StoredGroup;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Groups over HTTP. */
@Tag(name = "Groups")
@RestController
@RequestMapping(path = "/api/groups", produces = MediaType.APPLICATION_JSON_VALUE)
class GroupController {

	private final Groups groups;

	private final Documents documents;

	GroupController(Groups groups, Documents documents) {
		this.groups = groups;
		this.documents = documents;
	}

	@Operation(summary = "Lists the groups")
	@GetMapping
	Page<GroupBody> list(@RequestParam(defaultValue = Page.FIRST) int page,
			@RequestParam(defaultValue = Page.SIZE) int size) {
		return Page.of(this.groups.list(), page, size, (stored) -> GroupBody.of(stored.group()));
	}

	@Operation(summary = "Adds a group")
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<GroupBody> create(Actor actor, @RequestBody GroupBody body) {
		StoredGroup stored = this.groups.create(actor, body.group(0, null));
		return answer(ResponseEntity.created(URI.create("/api/groups/" + stored.group().name())), stored);
	}

	@Operation(summary = "Shows a group")
	@GetMapping("/{name}")
	ResponseEntity<GroupBody> get(@PathVariable String name) {
		return answer(ResponseEntity.ok(), this.groups.get(name));
	}

	@Operation(summary = "Replaces a group; what is left out has its default")
	@PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<GroupBody> replace(Actor actor, @PathVariable String name,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestBody GroupBody body) {
		return answer(ResponseEntity.ok(), this.groups.update(actor, name, Versions.expected(ifMatch),
				(stored) -> body.group(stored.id(), stored.name())));
	}

	@Operation(summary = "Merges changes into a group (RFC 7386)")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = GroupBody.class)))
	@PatchMapping(path = "/{name}", consumes = { MediaType.APPLICATION_JSON_VALUE, Documents.MERGE_PATCH })
	ResponseEntity<GroupBody> merge(Actor actor, @PathVariable String name,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestBody JsonNode patch) {
		return answer(ResponseEntity.ok(),
				this.groups.update(actor, name, Versions.expected(ifMatch),
						(stored) -> this.documents.merge(GroupBody.of(stored), patch, GroupBody.class)
							.group(stored.id(), stored.name())));
	}

	@Operation(summary = "Deletes a group with its keys")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@DeleteMapping("/{name}")
	void delete(Actor actor, @PathVariable String name,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		this.groups.delete(actor, name, Versions.expected(ifMatch));
	}

	private static ResponseEntity<GroupBody> answer(ResponseEntity.BodyBuilder builder, StoredGroup stored) {
		return builder.eTag(Versions.tag(stored.version())).body(GroupBody.of(stored.group()));
	}

}
