package io.keymux.gateway.admin;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A row of an API token; times are UTC. */
@Table("keymux_api_token")
record ApiTokenRow(@Id @Nullable Long id, String name, long version, String role, String secretHash, String masked,
		boolean enabled, @Nullable LocalDateTime expiresAt, LocalDateTime createdAt) {
}
