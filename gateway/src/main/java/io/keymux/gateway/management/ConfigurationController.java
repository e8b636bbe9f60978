package io.keymux.gateway.management;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.ConfigurationExport;
import io.keymux.gateway.document.ConfigurationImport;
import io.keymux.gateway.document.ConfigurationText;
import io.keymux.gateway.document.ImportResult;
import io.keymux.gateway.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The whole configuration as one document, out and in. */
@Tag(name = "Configuration")
@RestController
@RequestMapping("/api")
class ConfigurationController {

	private static final String YAML = "application/yaml";

	private final ConfigurationExport export;

	private final ConfigurationImport imports;

	ConfigurationController(ConfigurationExport export, ConfigurationImport imports) {
		this.export = export;
		this.imports = imports;
	}

	@Operation(summary = "Exports the configuration as one document",
			description = "With secrets it holds the provider keys themselves; guard it like them.")
	@ApiResponse(responseCode = "200",
			content = { @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")),
					@Content(mediaType = YAML, schema = @Schema(type = "string")) })
	@GetMapping(path = "/export", produces = { MediaType.APPLICATION_JSON_VALUE, YAML })
	ResponseEntity<String> export(Actor actor, @RequestParam(defaultValue = "false") boolean secrets,
			@RequestParam(defaultValue = "json") String format) {
		return switch (format) {
			case "json" -> file("keymux.json", MediaType.APPLICATION_JSON,
					ConfigurationText.json(this.export.document(actor, secrets)));
			case "yaml" -> file("keymux.yaml", MediaType.parseMediaType(YAML),
					ConfigurationText.yaml(this.export.document(actor, secrets)));
			default -> throw new Problem.Invalid("format", "'%s' (expected: json or yaml)".formatted(format));
		};
	}

	@Operation(summary = "Imports a document of the export, by name, all of it or nothing",
			description = "A dry run answers what would change. With prune, what the document does not name is deleted.")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = { @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")),
					@Content(mediaType = YAML, schema = @Schema(type = "string")) })
	@PostMapping(path = "/import", produces = MediaType.APPLICATION_JSON_VALUE,
			consumes = { MediaType.APPLICATION_JSON_VALUE, YAML, "application/x-yaml", "text/yaml" })
	ImportResult importDocument(Actor actor, @RequestBody String document,
			@RequestParam(defaultValue = "false") boolean dryRun, @RequestParam(defaultValue = "false") boolean prune) {
		return this.imports.apply(actor, ConfigurationText.read(document),
				new ConfigurationImport.Mode(dryRun, prune, true));
	}

	private static ResponseEntity<String> file(String name, MediaType type, String text) {
		return ResponseEntity.ok()
			.contentType(type)
			.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(name))
			.body(text);
	}

}
