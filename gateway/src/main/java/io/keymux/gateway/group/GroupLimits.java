package io.keymux.gateway.group;

import java.util.List;
import java.util.Objects;

import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.provider.ModelPatterns;
import org.jspecify.annotations.Nullable;

/**
 * How much may be asked of a group, by all callers together.
 *
 * @param whole in a minute or at once
 * @param quota in a period, or null
 * @param models besides, for models; of several that a model fits, the first
 * @param eachKey for each of its provider keys
 */
public record GroupLimits(Limits whole, @Nullable Quota quota, List<ModelLimits> models, Limits eachKey) {

	private static final GroupLimits NONE = new GroupLimits(Limits.none(), null, List.of(), Limits.none());

	public GroupLimits {
		models = List.copyOf(models);
		eachKey = Objects.requireNonNullElse(eachKey, Limits.none());
	}

	/** No limit. */
	public static GroupLimits none() {
		return NONE;
	}

	/** Whether there is no limit at all. */
	public boolean unlimited() {
		return equals(NONE);
	}

	/** Whether callers may ask for any amount, as far as keys provide it. */
	public boolean unlimitedForCallers() {
		return this.whole.unlimited() && this.quota == null && this.models.isEmpty();
	}

	/**
	 * The limits of a model.
	 * @param model name as it is sent, or null
	 * @return limits, or null if none are set for it
	 */
	public @Nullable ModelLimits of(@Nullable String model) {
		if (model != null) {
			for (ModelLimits each : this.models) {
				if (new ModelPatterns(List.of(each.model())).allow(model)) {
					return each;
				}
			}
		}
		return null;
	}

	void check(FieldErrors errors) {
		this.whole.check("limits.", errors);
		this.eachKey.check("limits.eachKey.", errors);
		if (this.quota != null) {
			this.quota.check("limits.quota", errors);
		}
		for (int i = 0; i < this.models.size(); i++) {
			String field = "limits.models[%d].".formatted(i);
			ModelLimits each = this.models.get(i);
			errors.check(!each.model().isBlank() && each.model().length() <= 200, field + "model",
					"'%s' (expected: 1 to 200 characters, * for any)".formatted(each.model()));
			each.limits().check(field, errors);
			errors.check(!each.limits().unlimited(), "limits.models[%d]".formatted(i), "nothing (expected: a limit)");
		}
	}

	/**
	 * Limits of a model.
	 *
	 * @param model name as it is sent, * for any characters
	 * @param limits in a minute or at once
	 */
	public record ModelLimits(String model, Limits limits) {
	}

}
