package io.keymux.gateway.management;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.document.SettingValues;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.setting.SettingInForce;
import io.keymux.gateway.setting.StoredSettings;
import io.keymux.gateway.setting.SystemSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** System settings over HTTP. */
@Tag(name = "Settings")
@RestController
@RequestMapping(path = "/api/settings", produces = MediaType.APPLICATION_JSON_VALUE)
class SettingController {

	private final SystemSettings settings;

	private final StoredSettings stored;

	private final Groups groups;

	SettingController(SystemSettings settings, StoredSettings stored, Groups groups) {
		this.settings = settings;
		this.stored = stored;
		this.groups = groups;
	}

	@Operation(summary = "Shows every setting as it is in force on this node, and where its value comes from",
			description = "With group, what that group sets itself is taken in.")
	@GetMapping
	Shown list(@RequestParam(required = false) @Nullable String group) {
		Map<String, String> own = (group != null) ? this.groups.get(group).group().settings() : Map.of();
		return shown(own);
	}

	@Operation(summary = "Changes system settings on every node, all of them or none (RFC 7386)",
			description = "Values are text, numbers or booleans by the name of the setting; null takes one back.")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(type = "object")))
	@PatchMapping(consumes = { MediaType.APPLICATION_JSON_VALUE, Documents.MERGE_PATCH })
	Shown patch(Actor actor, @RequestBody JsonNode patch) {
		this.stored.patch(actor, SettingValues.read("", patch));
		return shown(Map.of());
	}

	private Shown shown(Map<String, String> group) {
		return new Shown(this.settings.inForce(group).stream().map(SettingBody::of).toList(), this.settings.revision(),
				this.settings.warning());
	}

	/** All settings, the revision of those written through the API, and what is wrong. */
	@Schema(name = "Settings")
	record Shown(List<SettingBody> items, long revision, @Nullable String warning) {
	}

	/** A setting as the API shows it. */
	@Schema(name = "Setting")
	record SettingBody(String name, String value, @JsonProperty("default") String defaultValue,
			SettingInForce.Tier tier, @Nullable String source, String type, String unit, String bounds,
			boolean systemOnly, String description) {

		static SettingBody of(SettingInForce inForce) {
			var setting = inForce.setting();
			return new SettingBody(setting.key(), inForce.value(), setting.defaultValue(), inForce.tier(),
					inForce.source(), setting.type(), setting.unit(), setting.bounds(), setting.systemOnly(),
					setting.description());
		}

	}

}
