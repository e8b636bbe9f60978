package io.keymux.gateway.document;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;

import io.keymux.gateway.price.Price;
import io.keymux.gateway.problem.FieldErrors;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What may be set of a price; what is left out costs as much as input. */
public record PriceBody(@Schema(example = "openai") @Nullable String provider,
		@Schema(example = "gpt-5*") @Nullable String model,
		@Schema(format = "date", example = "2030-01-31") @Nullable String validFrom,
		@Schema(minimum = "0") @Nullable BigDecimal input, @Schema(minimum = "0") @Nullable BigDecimal cachedInput,
		@Schema(minimum = "0") @Nullable BigDecimal cacheWrite, @Schema(minimum = "0") @Nullable BigDecimal output,
		@Schema(minimum = "0") @Nullable BigDecimal reasoning, @Nullable String source) {

	public static PriceBody of(Price price) {
		String validFrom = price.validFrom().equals(Price.ALWAYS) ? null : price.validFrom().toString();
		return new PriceBody(price.provider(), price.model(), validFrom, price.input(), price.cachedInput(),
				price.cacheWrite(), price.output(), price.reasoning(), price.source());
	}

	public Price price() {
		FieldErrors errors = new FieldErrors();
		errors.check(this.provider != null, "provider", "missing (expected: a provider)");
		errors.check(this.model != null, "model", "missing (expected: a model, * for any characters)");
		errors.check(this.input != null, "input", "missing (expected: US dollars per million tokens)");
		LocalDate day = (this.validFrom != null) ? day(errors, this.validFrom) : Price.ALWAYS;
		Price price = new Price((this.provider != null) ? this.provider : "", (this.model != null) ? this.model : "",
				day, (this.input != null) ? this.input : BigDecimal.ZERO, this.cachedInput, this.cacheWrite,
				this.output, this.reasoning, this.source);
		errors.throwIfAny();
		return price;
	}

	private static LocalDate day(FieldErrors errors, String text) {
		try {
			return LocalDate.parse(text);
		}
		catch (DateTimeException ex) {
			errors.add("validFrom", "'%s' (expected: a day such as 2030-01-31)".formatted(text));
			return Price.ALWAYS;
		}
	}

}
