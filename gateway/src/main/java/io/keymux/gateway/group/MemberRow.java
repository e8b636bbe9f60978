package io.keymux.gateway.group;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A row of an aggregate group's member. */
@Table("keymux_member")
record MemberRow(@Id @Nullable Long id, long groupId, int position, String member, int weight, int priority,
		String models) {
}
