package io.keymux.gateway.price;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** All prices at one moment; names of models are callers' input, so few are kept. */
final class PriceSnapshot {

	private static final int MODELS = 4096;

	private static final int MAX_NAME = 255;

	private final List<Price> own;

	private final List<Price> shipped;

	private final Cache<Name, List<Price>> found = Caffeine.newBuilder().maximumSize(MODELS).build();

	PriceSnapshot(List<Price> own, List<Price> shipped) {
		this.own = List.copyOf(own);
		this.shipped = List.copyOf(shipped);
	}

	/** The price in force on a day: an operator's, else a shipped one. */
	@Nullable Price find(String provider, String model, LocalDate day) {
		for (Price price : matches(provider, model)) {
			if (!price.validFrom().isAfter(day)) {
				return price;
			}
		}
		return null;
	}

	/** The prices that fit a model, the best one of each day before lesser ones. */
	List<Price> matches(String provider, String model) {
		if (model.length() > MAX_NAME) {
			return List.of();
		}
		return this.found.get(new Name(provider, model), PriceSnapshot.this::search);
	}

	private List<Price> search(Name name) {
		// Gemini's OpenAI dialect knows a model by its path.
		String model = name.model().startsWith("models/") ? name.model().substring("models/".length()) : name.model();
		return Stream.of(this.own, this.shipped)
			.flatMap((prices) -> prices.stream()
				.filter((price) -> price.provider().equals(name.provider()))
				.map((price) -> new Scored(price, ModelMatch.score(price.model(), model)))
				.filter((scored) -> scored.score() != ModelMatch.NONE)
				.sorted(Scored.BEST_FIRST))
			.map(Scored::price)
			.toList();
	}

	private record Name(String provider, String model) {
	}

	private record Scored(Price price, int score) {

		static final Comparator<Scored> BEST_FIRST = Comparator.comparingInt(Scored::score)
			.thenComparing((scored) -> scored.price().validFrom())
			.reversed();

	}

}
