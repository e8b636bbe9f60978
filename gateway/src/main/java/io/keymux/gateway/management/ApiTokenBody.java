package io.keymux.gateway.management;

import java.time.Instant;

import io.keymux.gateway.admin.ApiToken;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.problem.FieldErrors;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An API token as documents describe it. */
@Schema(requiredProperties = { "name", "role" })
record ApiTokenBody(@Nullable String name, @Nullable Role role,
		@Schema(defaultValue = "true") @Nullable Boolean enabled,
		@Schema(description = "When it ends, or null") @Nullable Instant expiresAt) {

	static ApiTokenBody of(ApiToken token) {
		return new ApiTokenBody(token.name(), token.role(), token.enabled(), token.expiresAt());
	}

	ApiToken token(long id, String masked) {
		FieldErrors errors = new FieldErrors();
		errors.check(this.name != null, "name", "missing (expected: what people call it)");
		errors.check(this.role != null, "role", "missing (expected: viewer, operator or admin)");
		errors.throwIfAny();
		return new ApiToken(id, String.valueOf(this.name), (this.role != null) ? this.role : Role.VIEWER, masked,
				this.enabled == null || this.enabled, this.expiresAt);
	}

}
