package io.keymux.gateway.encryption;

import java.util.List;
import java.util.function.Consumer;

import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;

/**
 * Seals every stored secret with the present key of this node, or stores it in plain text
 * if it has none. What is done stays done: broken off at any point, it can be done again.
 */
@Component
public class Rotation {

	private static final int BATCH = 500;

	private static final int MAX_PASSES = 20;

	private static final int MAX_TRIES = 10;

	private final SecretCipher cipher;

	private final List<SealedSecrets> secrets;

	private final Encryption encryption;

	Rotation(SecretCipher cipher, List<SealedSecrets> secrets, Encryption encryption) {
		this.cipher = cipher;
		this.secrets = List.copyOf(secrets);
		this.encryption = encryption;
	}

	/**
	 * Seals the secrets. Blocks until all are sealed that this node can open.
	 * @param told told after each batch how far it is; what it throws ends the work there
	 * @return how it went
	 * @throws Problem.Conflict if this node must not store secrets, or another one seals
	 * with another key all the time
	 */
	public Progress run(Consumer<Progress> told) {
		this.cipher.sealer();
		Run run = new Run(this.encryption.state().pending(), told);
		run.untilDone();
		// Only now: whoever has the former key alone could read nothing of what is left.
		this.cipher.adopt();
		// Until then, others may have sealed with the former key.
		run.untilDone();
		return run.progress();
	}

	/**
	 * How far it is.
	 *
	 * @param resealed secrets sealed so far
	 * @param total secrets there were to be sealed
	 * @param unreadable secrets that this node could not open
	 */
	public record Progress(long resealed, long total, long unreadable) {
	}

	private final class Run {

		private final long total;

		private final Consumer<Progress> told;

		private long resealed;

		private long unreadable;

		Run(long total, Consumer<Progress> told) {
			this.total = total;
			this.told = told;
		}

		Progress progress() {
			return new Progress(this.resealed, Math.max(this.total, this.resealed), this.unreadable);
		}

		void untilDone() {
			for (int pass = 0; pass < MAX_PASSES; pass++) {
				long before = this.resealed;
				this.unreadable = 0;
				Rotation.this.secrets.forEach(this::all);
				if (this.resealed == before) {
					return;
				}
			}
			throw new Problem.Conflict("Another node goes on storing secrets in another way than this one "
					+ "(expected: every node has the same encryption key).");
		}

		private void all(SealedSecrets kind) {
			String after = null;
			do {
				SealedSecrets.Batch batch = next(kind, after);
				this.resealed += batch.resealed();
				this.unreadable += batch.unreadable();
				this.told.accept(progress());
				after = batch.next();
			}
			while (after != null);
		}

		/** Whoever changes the same rows at the same time may win. */
		private SealedSecrets.Batch next(SealedSecrets kind, @Nullable String after) {
			for (int attempt = 1;; attempt++) {
				try {
					return kind.resealNext(after, BATCH);
				}
				catch (ConcurrencyFailureException ex) {
					if (attempt == MAX_TRIES) {
						throw ex;
					}
				}
			}
		}

	}

}
