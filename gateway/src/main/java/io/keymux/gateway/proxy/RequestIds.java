package io.keymux.gateway.proxy;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

import org.springframework.stereotype.Component;

/**
 * Makes request ids: 32 hexadecimal digits, the first 12 the milliseconds of the present
 * since 1970, so that ids of later requests are greater, the others random.
 */
@Component
class RequestIds {

	private static final int MILLISECOND_DIGITS = 12;

	private static final int RANDOM_DIGITS = 4;

	private final RandomGenerator random;

	private final InstantSource time;

	RequestIds(RandomGenerator random, InstantSource time) {
		this.random = random;
		this.time = time;
	}

	String next() {
		HexFormat hex = HexFormat.of();
		return hex.toHexDigits(this.time.millis(), MILLISECOND_DIGITS)
				+ hex.toHexDigits(this.random.nextLong(), RANDOM_DIGITS) + hex.toHexDigits(this.random.nextLong());
	}

}
