package io.keymux.gateway.proxy;

import java.time.Duration;
import java.util.List;

import io.keymux.gateway.limit.Measure;
import io.keymux.gateway.limit.Standing;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Tells a caller how its limits stand, in the headers OpenAI has for it (OpenAI, guide
 * "Rate limits", section "Rate limits in headers").
 */
final class LimitHeaders {

	private static final String PREFIX = "x-ratelimit-";

	private LimitHeaders() {
	}

	/** Of several limits of a kind, the one of which the least is left. */
	static void set(HttpHeaders headers, List<Standing> standings) {
		set(headers, "requests", tightest(standings, Measure.REQUESTS));
		set(headers, "tokens", tightest(standings, Measure.TOKENS));
	}

	private static @Nullable Standing tightest(List<Standing> standings, Measure measure) {
		Standing tightest = null;
		for (Standing standing : standings) {
			if (standing.demand().measure() == measure
					&& (tightest == null || standing.remaining() < tightest.remaining())) {
				tightest = standing;
			}
		}
		return tightest;
	}

	private static void set(HttpHeaders headers, String kind, @Nullable Standing standing) {
		if (standing != null) {
			headers.set(PREFIX + "limit-" + kind, standing.demand().limit());
			headers.set(PREFIX + "remaining-" + kind, standing.remaining());
			headers.set(PREFIX + "reset-" + kind, print(standing.reset()));
		}
	}

	private static String print(Duration duration) {
		return (duration.toSeconds() == 0) ? duration.toMillis() + "ms" : duration.toSeconds() + "s";
	}

	/** Whether a provider's header tells limits, which are those of a provider key. */
	static boolean tells(CharSequence name) {
		return begins(name, PREFIX) || begins(name, "anthropic-ratelimit-");
	}

	private static boolean begins(CharSequence name, String prefix) {
		return name.length() > prefix.length()
				&& io.netty.util.AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length());
	}

}
