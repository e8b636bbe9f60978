package io.keymux.gateway.price;

import java.math.BigDecimal;
import java.time.LocalDate;

import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of some models cost from a day on, in US dollars per million.
 *
 * @param provider name of the provider
 * @param model name of a model, which also stands for its dated snapshots, or a pattern
 * where {@code *} stands for any characters
 * @param validFrom first day (UTC) the price is in force
 * @param input input tokens
 * @param cachedInput input tokens read from the provider's cache, or null for the price
 * of input
 * @param cacheWrite input tokens written to the provider's cache, or null for the price
 * of input
 * @param output output tokens, or null for the price of input
 * @param reasoning output tokens spent on reasoning, or null for the price of output
 * @param source where the price is known from, or null
 */
public record Price(String provider, String model, LocalDate validFrom, BigDecimal input,
		@Nullable BigDecimal cachedInput, @Nullable BigDecimal cacheWrite, @Nullable BigDecimal output,
		@Nullable BigDecimal reasoning, @Nullable String source) {

	/** The day a price has that was always in force. */
	public static final LocalDate ALWAYS = LocalDate.EPOCH;

	/** Digits of a price behind the point, and of a cost: a product of both is exact. */
	static final int DECIMALS = 4;

	static final int COST_DECIMALS = DECIMALS + 6;

	static final BigDecimal MAX = new BigDecimal("1000000");

	private static final BigDecimal MAX_COST = new BigDecimal("9999999999");

	public Price {
		input = normal(input);
		cachedInput = normalOrNull(cachedInput);
		cacheWrite = normalOrNull(cacheWrite);
		output = normalOrNull(output);
		reasoning = normalOrNull(reasoning);
	}

	/** The exact cost, or null if it is beyond what can be stored. */
	@Nullable BigDecimal cost(TokenUsage tokens) {
		BigDecimal outputPrice = or(this.output, this.input);
		long rest = Math.max(0, tokens.input() - tokens.cached() - tokens.cacheWritten());
		long answer = Math.max(0, tokens.output() - tokens.reasoning());
		BigDecimal sum = times(rest, this.input).add(times(tokens.cached(), or(this.cachedInput, this.input)))
			.add(times(tokens.cacheWritten(), or(this.cacheWrite, this.input)))
			.add(times(answer, outputPrice))
			.add(times(tokens.reasoning(), or(this.reasoning, outputPrice)));
		BigDecimal cost = sum.scaleByPowerOfTen(-6).setScale(COST_DECIMALS);
		return (cost.signum() >= 0 && cost.compareTo(MAX_COST) <= 0) ? cost : null;
	}

	private static BigDecimal times(long tokens, BigDecimal price) {
		return BigDecimal.valueOf(tokens).multiply(price);
	}

	private static BigDecimal or(@Nullable BigDecimal price, BigDecimal otherwise) {
		return (price != null) ? price : otherwise;
	}

	private static @Nullable BigDecimal normalOrNull(@Nullable BigDecimal price) {
		return (price != null) ? normal(price) : null;
	}

	/** 2.50 and 2.5 are the same price; what breaks the rules stays as it is. */
	private static BigDecimal normal(BigDecimal price) {
		if (price.compareTo(MAX) > 0) {
			return price;
		}
		BigDecimal stripped = price.stripTrailingZeros();
		long digits = (long) stripped.precision() - stripped.scale();
		return (stripped.scale() < 0 && digits <= MAX.precision()) ? stripped.setScale(0) : stripped;
	}

}
