package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is used up of limits, as the API shows it; what has no limit is left out.
 *
 * @param requestsPerMinute requests in the running minute
 * @param tokensPerMinute tokens in the running minute, those reserved included
 * @param concurrency requests that run
 * @param quota what is used in the running period
 */
@Schema(name = "Consumption")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConsumptionBody(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute, @Nullable Long concurrency,
		@Nullable QuotaUse quota) {

	/**
	 * What is used of a quota; what runs is not counted yet.
	 *
	 * @param tokens tokens, or null without a quota of them
	 * @param cost US dollars, or null without a quota of them
	 * @param from begin of the period
	 * @param until its end
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record QuotaUse(@Nullable Long tokens, @Nullable BigDecimal cost, Instant from, Instant until) {
	}

}
