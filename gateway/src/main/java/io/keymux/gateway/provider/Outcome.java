package io.keymux.gateway.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** What one attempt told us; nothing after the provider looks at a status code. */
public sealed interface Outcome {

	/** The provider took the request. */
	record Accepted() implements Outcome {
	}

	/**
	 * The key, or the account behind it, has to rest.
	 *
	 * @param retryAfter rest the provider asked for, or null if it named none
	 * @param scope who has to rest
	 */
	record Throttled(@Nullable Duration retryAfter, Scope scope) implements Outcome {
	}

	/**
	 * The key, or its account, is no good.
	 *
	 * @param reason status and error code, without any text of the answer
	 */
	record KeyRejected(String reason) implements Outcome {
	}

	/**
	 * The upstream is to blame, never the key.
	 *
	 * @param reason status or transport failure
	 */
	record UpstreamFailed(String reason) implements Outcome {
	}

	/**
	 * The request itself was refused; nobody is blamed.
	 *
	 * @param status status of the answer
	 */
	record CallerRejected(int status) implements Outcome {
	}

	/** Who a throttle concerns. */
	enum Scope {

		/** The key alone, as far as the answer tells. */
		KEY,

		/** The account, so that other keys of it are throttled too. */
		ACCOUNT

	}

}
