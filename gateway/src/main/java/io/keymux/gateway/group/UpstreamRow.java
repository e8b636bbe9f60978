package io.keymux.gateway.group;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A row of a group's upstream. */
@Table("keymux_upstream")
record UpstreamRow(@Id @Nullable Long id, long groupId, int position, String url, int weight) {
}
