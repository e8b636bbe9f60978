package io.keymux.gateway.document;

import java.util.List;

import io.keymux.gateway.document.AccessKeyBody.QuotaBody;
import io.keymux.gateway.group.GroupLimits;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

/** How much may be asked of a group; what is left out has no limit. */
public record GroupLimitsBody(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute,
		@Nullable Integer concurrency, @Nullable QuotaBody quota, @Nullable List<@Nullable ModelLimitsBody> models,
		@Nullable Limits eachKey) {

	static GroupLimitsBody of(GroupLimits limits) {
		Limits whole = limits.whole();
		return new GroupLimitsBody(whole.requestsPerMinute(), whole.tokensPerMinute(), whole.concurrency(),
				QuotaBody.of(limits.quota()), List.copyOf(limits.models().stream().map(ModelLimitsBody::of).toList()),
				limits.eachKey());
	}

	GroupLimits read(FieldErrors errors) {
		return new GroupLimits(new Limits(this.requestsPerMinute, this.tokensPerMinute, this.concurrency),
				(this.quota != null) ? this.quota.read("limits.quota", errors) : null,
				Documents.elements(errors, "limits.models", this.models).stream().map(ModelLimitsBody::read).toList(),
				(this.eachKey != null) ? this.eachKey : Limits.none());
	}

	/** Limits of a model, or of all whose name fits. */
	public record ModelLimitsBody(@Nullable String model, @Nullable Long requestsPerMinute,
			@Nullable Long tokensPerMinute, @Nullable Integer concurrency) {

		static ModelLimitsBody of(GroupLimits.ModelLimits limits) {
			Limits own = limits.limits();
			return new ModelLimitsBody(limits.model(), own.requestsPerMinute(), own.tokensPerMinute(),
					own.concurrency());
		}

		GroupLimits.ModelLimits read() {
			return new GroupLimits.ModelLimits((this.model != null) ? this.model : "",
					new Limits(this.requestsPerMinute, this.tokensPerMinute, this.concurrency));
		}

	}

}
