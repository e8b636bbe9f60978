package io.keymux.gateway.proxy;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

import org.springframework.stereotype.Component;

/** Makes request ids: 128 random bits in hex. */
@Component
class RequestIds {

	private final RandomGenerator random;

	RequestIds(RandomGenerator random) {
		this.random = random;
	}

	String next() {
		HexFormat hex = HexFormat.of();
		return hex.toHexDigits(this.random.nextLong()) + hex.toHexDigits(this.random.nextLong());
	}

}
