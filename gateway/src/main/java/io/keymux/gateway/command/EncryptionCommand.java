package io.keymux.gateway.command;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.encryption.Encryption;
import io.keymux.gateway.encryption.EncryptionState.SecretCount;
import io.keymux.gateway.encryption.EncryptionState;
import io.keymux.gateway.encryption.Rotation;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.context.ConfigurableApplicationContext;

/** Tells how the stored secrets are encrypted, and changes it. */
final class EncryptionCommand implements Command {

	private static final String USAGE = """
			Usage: encryption status|enable|rotate|disable

			  status    tells which keys the stored secrets are encrypted with
			  enable    encrypts what is in plain text, with KEYMUX_ENCRYPTION_KEY
			  rotate    encrypts everything with KEYMUX_ENCRYPTION_KEY; KEYMUX_DECRYPTION_KEY is the former key
			  disable   stores everything in plain text; KEYMUX_DECRYPTION_KEY is the former key

			Keys are passphrases or Tink keysets. They are read from these variables, or from the files that
			KEYMUX_ENCRYPTION_KEY_FILE and KEYMUX_DECRYPTION_KEY_FILE name, and never from arguments.""";

	@Override
	public int run(List<String> arguments, Map<String, String> environment, PrintStream out) {
		Verb verb = (arguments.size() == 1) ? Verb.find(arguments.getFirst()) : null;
		if (verb == null) {
			out.println(USAGE);
			return WRONG_USAGE;
		}
		try (ConfigurableApplicationContext context = CommandContext.open(environment)) {
			return new Work(context, out).run(verb);
		}
		catch (BeansException ex) {
			throw CommandContext.refusal(ex);
		}
	}

	private enum Verb {

		STATUS, ENABLE, ROTATE, DISABLE;

		static @Nullable Verb find(String name) {
			for (Verb verb : values()) {
				if (verb.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
					return verb;
				}
			}
			return null;
		}

	}

	/** One run of the command on what is stored. */
	private static final class Work {

		private final SecretCipher cipher;

		private final EncryptionState state;

		private final Rotation rotation;

		private final AuditLog audit;

		private final PrintStream out;

		Work(ConfigurableApplicationContext context, PrintStream out) {
			this.cipher = context.getBean(SecretCipher.class);
			this.state = context.getBean(Encryption.class).state();
			this.rotation = context.getBean(Rotation.class);
			this.audit = context.getBean(AuditLog.class);
			this.out = out;
		}

		int run(Verb verb) {
			return switch (verb) {
				case STATUS -> status();
				case ENABLE -> enable();
				case ROTATE -> rotate();
				case DISABLE -> disable();
			};
		}

		private int status() {
			this.out.printf("State:       %s%n", EncryptionCommand.name(this.state.state()));
			this.out.printf("Key:         %s%n", Objects.requireNonNullElse(this.state.keyId(), "none"));
			this.out.printf("Opens:       %s%n",
					this.state.opens().isEmpty() ? "plain text" : String.join(", ", this.state.opens()));
			this.out.printf("Database:    %s%n", Objects.requireNonNullElse(this.state.databaseKeyId(), "no key"));
			for (SecretCount count : this.state.secrets()) {
				this.out.printf("%-12s %s %d%n", count.kind(), count.keyId(), count.count());
			}
			this.out.printf("Pending:     %d%n", this.state.pending());
			this.out.printf("Unreadable:  %d%n", this.state.unreadable());
			this.out.println(advice());
			return (this.state.state() == EncryptionState.Word.UNREADABLE) ? REFUSED : DONE;
		}

		private String advice() {
			return switch (this.state.state()) {
				case ENABLED -> "Every secret is sealed with KEYMUX_ENCRYPTION_KEY.";
				case DISABLED -> "Every secret is in plain text. Set KEYMUX_ENCRYPTION_KEY to encrypt them: 'enable'.";
				case ROTATING -> (this.state.keyId() == null)
						? "Some secrets are still sealed: 'disable' stores them in plain text."
						: "Some secrets are not sealed with KEYMUX_ENCRYPTION_KEY yet: 'enable' or 'rotate' does it.";
				case UNREADABLE -> "A key is missing: give the one named above as KEYMUX_DECRYPTION_KEY.";
			};
		}

		private int enable() {
			checkReadable();
			String keyId = sealing("the key that is to seal the secrets");
			for (SecretCount count : this.state.secrets()) {
				if (!count.keyId().equals(SecretCipher.PLAIN) && !count.keyId().equals(keyId)) {
					throw new CommandRefused(
							"Secrets are sealed with key '%s' already. Use 'rotate' to seal them with key '%s'."
								.formatted(count.keyId(), keyId));
				}
			}
			return seal("encryption.enable", "Start every node with this key as KEYMUX_ENCRYPTION_KEY.");
		}

		private int rotate() {
			checkReadable();
			sealing("the new key");
			if (this.state.opens().size() < 2 && this.state.pending() > 0) {
				throw new CommandRefused(
						"KEYMUX_DECRYPTION_KEY is not set (expected: the former key). Use 'enable' if there was none.");
			}
			return seal("encryption.rotate",
					"Start every node with this key as KEYMUX_ENCRYPTION_KEY; the former key is not needed any more.");
		}

		private int disable() {
			if (this.state.keyId() != null) {
				throw new CommandRefused(
						"KEYMUX_ENCRYPTION_KEY is set (expected: the key as KEYMUX_DECRYPTION_KEY, and none that seals).");
			}
			checkReadable();
			return seal("encryption.disable", "No node needs an encryption key any more.");
		}

		private void checkReadable() {
			String refusal = this.cipher.refusal();
			if (refusal != null) {
				throw new CommandRefused(refusal + " Give it as KEYMUX_DECRYPTION_KEY.");
			}
			for (SecretCount count : this.state.secrets()) {
				if (!this.cipher.opens(count.keyId())) {
					throw new CommandRefused(
							"%d secrets (%s) are sealed with key '%s', which is not given. Give it as KEYMUX_DECRYPTION_KEY."
								.formatted(count.count(), count.kind(), count.keyId()));
				}
			}
		}

		private String sealing(String expectation) {
			String keyId = this.state.keyId();
			if (keyId == null) {
				throw new CommandRefused("KEYMUX_ENCRYPTION_KEY is not set (expected: %s).".formatted(expectation));
			}
			return keyId;
		}

		private int seal(String action, String next) {
			Rotation.Progress done = this.rotation.run((_) -> {
			});
			String keyId = this.state.keyId();
			this.audit.record(Actor.system("command line"), action, "secrets", null, done);
			this.out.println(
					(keyId != null) ? "%d secrets are sealed anew, with key '%s'.".formatted(done.resealed(), keyId)
							: "%d secrets are opened and stored in plain text.".formatted(done.resealed()));
			if (done.unreadable() > 0) {
				this.out.println("%d secrets could not be opened and stay as they are.".formatted(done.unreadable()));
				return REFUSED;
			}
			this.out.println(next);
			return DONE;
		}

	}

	private static String name(EncryptionState.Word state) {
		return state.name().toLowerCase(java.util.Locale.ROOT);
	}

}
