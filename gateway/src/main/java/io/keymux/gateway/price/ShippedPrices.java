package io.keymux.gateway.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The list prices that come with the gateway. */
final class ShippedPrices {

	private static final String FILE = "/prices.yaml";

	private ShippedPrices() {
	}

	/** The list, read from its file once. */
	static List<Price> all() {
		return Holder.PRICES;
	}

	private static List<Price> read() {
		try (InputStream file = ShippedPrices.class.getResourceAsStream(FILE)) {
			List<Provider> providers = new YAMLMapper().readValue(file, new TypeReference<>() {
			});
			return providers.stream()
				.flatMap((provider) -> provider.models().stream().map((entry) -> entry.price(provider)))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Reads the list when it is first needed. */
	private static final class Holder {

		static final List<Price> PRICES = read();

	}

	/** The prices of one provider, and the page they are from. */
	private record Provider(String provider, String source, LocalDate date, List<Entry> models) {
	}

	private record Entry(String model, @Nullable LocalDate from, BigDecimal input, @Nullable BigDecimal cachedInput,
			@Nullable BigDecimal cacheWrite, @Nullable BigDecimal output, @Nullable BigDecimal reasoning) {

		Price price(Provider provider) {
			return new Price(provider.provider(), this.model, (this.from != null) ? this.from : Price.ALWAYS,
					this.input, this.cachedInput, this.cacheWrite, this.output, this.reasoning,
					"%s, %s".formatted(provider.source(), provider.date()));
		}

	}

}
