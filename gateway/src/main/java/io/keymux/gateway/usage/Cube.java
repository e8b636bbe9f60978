package io.keymux.gateway.usage;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** By what rows of usage are told apart, from the smallest to the largest. */
enum Cube {

	TOTAL(0),

	GROUP(1),

	MODEL(2),

	CALLER(3),

	DETAIL(4),

	KEY(5);

	private static final List<Cube> BY_CODE = List.of(values());

	private final int code;

	Cube(int code) {
		this.code = code;
	}

	/** The smallest cube that knows all of some dimensions, or null if none does. */
	static @Nullable Cube of(Set<Dimension> dimensions) {
		return BY_CODE.stream().filter((cube) -> dimensions.stream().allMatch(cube::has)).findFirst().orElse(null);
	}

	static Cube of(int code) {
		return BY_CODE.get(code);
	}

	/** How it is stored. */
	int code() {
		return this.code;
	}

	boolean has(Dimension dimension) {
		return switch (this) {
			case TOTAL -> false;
			case GROUP -> dimension == Dimension.GROUP;
			case MODEL -> dimension == Dimension.MODEL;
			case CALLER -> dimension == Dimension.CALLER;
			case DETAIL -> dimension != Dimension.PROVIDER_KEY;
			case KEY -> dimension == Dimension.GROUP || dimension == Dimension.PROVIDER_KEY;
		};
	}

}
