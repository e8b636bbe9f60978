package io.keymux.gateway.proxy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import io.keymux.gateway.body.JsonScan.Container;
import io.keymux.gateway.body.JsonScan.Span;
import io.keymux.gateway.body.JsonScan;
import io.keymux.gateway.limit.Demand;
import io.keymux.gateway.price.Prices;
import io.keymux.gateway.provider.Operation;
import io.keymux.gateway.token.TokenEstimator;
import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** What a request is likely to use, so that it can be reserved. */
@Component
class ExpectedUse {

	/** How requests say how long the answer may become, by provider and age of API. */
	private static final List<String> MAXIMA = List.of("max_completion_tokens", "max_output_tokens", "max_tokens");

	private final OutputHistory history;

	private final Prices prices;

	ExpectedUse(OutputHistory history, Prices prices) {
		this.history = history;
		this.prices = prices;
	}

	/** Tokens a request is likely to use. */
	TokenUsage tokens(Outgoing request) {
		if (!request.operation().usesTokens()) {
			return TokenUsage.NONE;
		}
		byte[] body = (request.body() instanceof RequestBody.Held held && held.json()) ? held.bytes() : new byte[0];
		return new TokenUsage(TokenEstimator.guess(body.length), output(request, body), 0, 0, 0);
	}

	private long output(Outgoing request, byte[] body) {
		if (request.operation() == Operation.EMBEDDINGS) {
			return 0;
		}
		Long maximum = maximum(body);
		return (maximum != null) ? maximum : this.history.expected(String.valueOf(request.model()));
	}

	private static @Nullable Long maximum(byte[] body) {
		Container object = (body.length > 0) ? JsonScan.object(body) : null;
		if (object == null) {
			return null;
		}
		for (String name : MAXIMA) {
			Long maximum = number(body, object.find(body, name));
			if (maximum != null) {
				return maximum;
			}
		}
		Span config = object.find(body, "generationConfig");
		Container inner = (config != null) ? JsonScan.container(body, config) : null;
		return (inner != null) ? number(body, inner.find(body, "maxOutputTokens")) : null;
	}

	/** A whole number of a sensible size, or null. */
	private static @Nullable Long number(byte[] json, @Nullable Span value) {
		if (value == null || value.end() - value.start() > 9) {
			return null;
		}
		String text = new String(json, value.start(), value.end() - value.start(), StandardCharsets.US_ASCII);
		return text.matches("\\d+") ? (Long) Long.parseLong(text) : null;
	}

	/** What tokens cost, 0 if no price is known; in {@link Demand#MONEY_UNITS}. */
	long cost(String provider, @Nullable String model, Instant at, TokenUsage tokens) {
		BigDecimal cost = (model != null) ? this.prices.cost(provider, model, at, tokens) : null;
		return (cost != null) ? Demand.units(cost) : 0;
	}

	void ended(@Nullable String model, TokenUsage tokens) {
		this.history.ended(String.valueOf(model), tokens.output());
	}

}
