package io.keymux.gateway.access;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A row of an access key; times are UTC, lists and limits are JSON. */
@Table("keymux_access_key")
record AccessKeyRow(@Id @Nullable Long id, String name, long version, String secretHash, String masked,
		String groupNames, String models, boolean enabled, @Nullable LocalDateTime expiresAt, @Nullable String limits,
		@Nullable String quota, LocalDateTime createdAt, @Nullable String previousHash,
		@Nullable LocalDateTime previousUntil) {
}
