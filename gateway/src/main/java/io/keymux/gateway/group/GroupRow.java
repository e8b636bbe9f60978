package io.keymux.gateway.group;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A row of a group; nested parts without a table of their own are JSON. */
@Table("keymux_group")
record GroupRow(@Id @Nullable Long id, String name, long version, int position, @Nullable String displayName,
		@Nullable String description, String provider, boolean enabled, String settings, String headerRules,
		String bodyOverrides, String modelAliases, boolean strictModels, @Nullable String probeModel,
		@Nullable String probePath, @Nullable String limits) {
}
