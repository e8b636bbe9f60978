package io.keymux.gateway.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

/** What may be set of an access key; what is left out has its default. */
public record AccessKeyBody(@Nullable String name, @Nullable List<@Nullable String> groups,
		@Nullable List<@Nullable String> models, @Nullable Boolean enabled, @Nullable Instant expiresAt,
		AccessKey.@Nullable Limits limits, @Nullable QuotaBody quota) {

	public static AccessKeyBody of(AccessKey key) {
		AccessKey.Quota quota = key.quota();
		return new AccessKeyBody(key.name(), List.copyOf(key.groups()), List.copyOf(key.models()), key.enabled(),
				key.expiresAt(), key.limits(),
				(quota != null) ? new QuotaBody(quota.tokens(), quota.cost(), quota.per()) : null);
	}

	public AccessKey accessKey(long id, String masked, @Nullable Instant previousUntil) {
		FieldErrors errors = new FieldErrors();
		errors.check(this.name != null, "name", "missing (expected: a name)");
		AccessKey key = new AccessKey(id, (this.name != null) ? this.name : "", masked,
				Documents.elements(errors, "groups", this.groups), Documents.elements(errors, "models", this.models),
				this.enabled == null || this.enabled, this.expiresAt, previousUntil,
				(this.limits != null) ? this.limits : AccessKey.Limits.none(), readQuota(errors));
		errors.throwIfAny();
		return key;
	}

	private AccessKey.@Nullable Quota readQuota(FieldErrors errors) {
		if (this.quota == null) {
			return null;
		}
		AccessKey.Quota.Period per = this.quota.per();
		if (per == null) {
			errors.add("quota.per", "missing (expected: day or month)");
			return null;
		}
		return new AccessKey.Quota(this.quota.tokens(), this.quota.cost(), per);
	}

	/** What a caller may use in a period. */
	public record QuotaBody(@Nullable Long tokens, @Nullable BigDecimal cost, AccessKey.Quota.@Nullable Period per) {
	}

}
