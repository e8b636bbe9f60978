package io.keymux.gateway.key;

import java.time.Duration;
import java.time.Instant;

import io.keymux.gateway.provider.Outcome.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Pauses a pool whose keys are throttled one after the other.
 *
 * <p>
 * Keys of one account share its limits. When ten attempts in a row (five, if the provider
 * speaks of the account) are throttled within ten seconds and none is accepted in
 * between, asking the next key would only put that to rest too. After the pause a single
 * throttle pauses again, a single success ends it.
 */
final class PauseRule {

	private static final int KEY_STREAK = 10;

	private static final int ACCOUNT_STREAK = 5;

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private int streak;

	private Instant since = Instant.EPOCH;

	private boolean proven;

	private @Nullable Instant until;

	void accepted() {
		this.streak = 0;
		this.proven = false;
		this.until = null;
	}

	void throttled(Scope scope, Instant now, Duration rest, Duration cooldown) {
		if (this.streak == 0 || (!this.proven && Duration.between(this.since, now).compareTo(WINDOW) > 0)) {
			this.streak = 0;
			this.since = now;
		}
		this.streak++;
		if (this.proven || this.streak >= ((scope == Scope.ACCOUNT) ? ACCOUNT_STREAK : KEY_STREAK)) {
			this.proven = true;
			this.until = now.plus((rest.compareTo(cooldown) < 0) ? rest : cooldown);
		}
	}

	@Nullable Instant until(Instant now) {
		if (this.until != null && !this.until.isAfter(now)) {
			this.until = null;
		}
		return this.until;
	}

}
