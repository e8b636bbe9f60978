package io.keymux.gateway.price;

import java.math.BigDecimal;
import java.time.LocalDate;

import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.provider.Providers;
import org.jspecify.annotations.Nullable;

/** What a price must look like. */
final class PriceRules {

	private static final int MAX_MODEL = 255;

	private static final int MAX_SOURCE = 500;

	private static final LocalDate LAST = LocalDate.of(9999, 12, 30);

	private PriceRules() {
	}

	static void check(Price price) {
		FieldErrors errors = new FieldErrors();
		errors.check(Providers.find(price.provider()) != null, "provider",
				"'%s' (expected: one of %s)".formatted(price.provider(), String.join(", ", Providers.names())));
		errors.check(
				!price.model().isEmpty() && price.model().length() <= MAX_MODEL
						&& price.model().chars().allMatch((character) -> character > 0x20 && character < 0x7f),
				"model",
				"'%s' (expected: 1 to %d visible ASCII characters, * for any)".formatted(price.model(), MAX_MODEL));
		errors.check(!price.validFrom().isBefore(Price.ALWAYS) && !price.validFrom().isAfter(LAST), "validFrom",
				"'%s' (expected: a day from 1970 to 9999)".formatted(price.validFrom()));
		checkAmount(errors, "input", price.input());
		checkAmount(errors, "cachedInput", price.cachedInput());
		checkAmount(errors, "cacheWrite", price.cacheWrite());
		checkAmount(errors, "output", price.output());
		checkAmount(errors, "reasoning", price.reasoning());
		String source = price.source();
		errors.check(
				source == null || (source.length() <= MAX_SOURCE && source.chars().noneMatch(Character::isISOControl)),
				"source",
				"'%s' (expected: at most %d characters, no control characters)".formatted(source, MAX_SOURCE));
		errors.throwIfAny();
	}

	private static void checkAmount(FieldErrors errors, String field, @Nullable BigDecimal amount) {
		errors.check(amount == null
				|| (amount.signum() >= 0 && amount.compareTo(Price.MAX) <= 0 && amount.scale() <= Price.DECIMALS),
				field, "%s (expected: from 0 to %s US dollars per million tokens, at most %d digits behind the point)"
					.formatted(amount, Price.MAX, Price.DECIMALS));
	}

}
