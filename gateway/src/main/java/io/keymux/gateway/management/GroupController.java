package io.keymux.gateway.management;

import java.net.URI;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.document.GroupBody;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.group.StoredGroup;
import io.keymux.gateway.key.GroupObservation;
import io.keymux.gateway.key.GroupStatistics;
import io.keymux.gateway.key.KeyCondition;
import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
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

	private final ProviderKeys keys;

	private final GroupObservation observation;

	private final Documents documents;

	GroupController(Groups groups, ProviderKeys keys, GroupObservation observation, Documents documents) {
		this.groups = groups;
		this.keys = keys;
		this.observation = observation;
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

	@Operation(summary = "Copies a group under another name, with all of its keys, the active ones or none")
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping(path = "/{name}/copy", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<GroupBody> copy(Actor actor, @PathVariable String name, @RequestBody CopyBody body) {
		StoredGroup copy = this.keys.copy(actor, name, body.newName(), body.query());
		return answer(ResponseEntity.created(URI.create("/api/groups/" + copy.group().name())), copy);
	}

	@Operation(summary = "Puts groups in an order; those that are not named follow as they stood")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@PostMapping(path = "/order", consumes = MediaType.APPLICATION_JSON_VALUE)
	void order(Actor actor, @RequestBody OrderBody body) {
		FieldErrors errors = new FieldErrors();
		List<String> names = Documents.elements(errors, "names", body.names());
		errors.throwIfAny();
		this.groups.order(actor, names);
	}

	@Operation(summary = "Tells how a group is: keys by state, upstreams, live shares of members")
	@GetMapping("/{name}/statistics")
	GroupStatistics statistics(@PathVariable String name) {
		return this.observation.statistics(name);
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

	/** How a group is copied. */
	record CopyBody(@Nullable String name, @Nullable KeptKeys keys) {

		String newName() {
			if (this.name == null) {
				throw new Problem.Invalid("name", "missing (expected: a name)");
			}
			return this.name;
		}

		@Nullable KeyQuery query() {
			return switch ((this.keys != null) ? this.keys : KeptKeys.NONE) {
				case NONE -> null;
				case ACTIVE -> KeyQuery.all(KeyCondition.ACTIVE);
				case ALL -> KeyQuery.all(null);
			};
		}

	}

	/** Which keys a copy of a group has as well. */
	enum KeptKeys {

		@JsonProperty("none")
		NONE,

		@JsonProperty("active")
		ACTIVE,

		@JsonProperty("all")
		ALL

	}

	/** Names of groups, the first one first. */
	record OrderBody(@Nullable List<@Nullable String> names) {
	}

}
