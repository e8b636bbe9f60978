package io.keymux.gateway.document;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

/** What may be set of an access key; what is left out has its default. */
public record AccessKeyBody(@Nullable String name, @Nullable List<@Nullable String> groups,
		@Nullable List<@Nullable String> models, @Nullable Boolean enabled, @Nullable Instant expiresAt,
		@Nullable Limits limits, @Nullable QuotaBody quota) {

	public static AccessKeyBody of(AccessKey key) {
		return new AccessKeyBody(key.name(), List.copyOf(key.groups()), List.copyOf(key.models()), key.enabled(),
				key.expiresAt(), key.limits(), QuotaBody.of(key.quota()));
	}

	public AccessKey accessKey(long id, String masked, @Nullable Instant previousUntil) {
		FieldErrors errors = new FieldErrors();
		errors.check(this.name != null, "name", "missing (expected: a name)");
		AccessKey key = new AccessKey(id, (this.name != null) ? this.name : "", masked,
				Documents.elements(errors, "groups", this.groups), Documents.elements(errors, "models", this.models),
				this.enabled == null || this.enabled, this.expiresAt, previousUntil,
				(this.limits != null) ? this.limits : Limits.none(),
				(this.quota != null) ? this.quota.read("quota", errors) : null);
		errors.throwIfAny();
		return key;
	}

	/** What may be used in a period. */
	public record QuotaBody(@Nullable Long tokens, @Nullable BigDecimal cost, Quota.@Nullable Period per) {

		static @Nullable QuotaBody of(@Nullable Quota quota) {
			return (quota != null) ? new QuotaBody(quota.tokens(), quota.cost(), quota.per()) : null;
		}

		@Nullable Quota read(String field, FieldErrors errors) {
			if (this.per == null) {
				errors.add(field + ".per", "missing (expected: day or month)");
				return null;
			}
			return new Quota(this.tokens, this.cost, this.per);
		}

	}

}
