package io.keymux.gateway.encryption;

import java.util.Objects;

import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.task.TaskJob;
import io.keymux.gateway.task.TaskRun;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** Seals all secrets with the key a task was started for. */
@Component
class RotationJob implements TaskJob {

	static final String KIND = "encryption-rotate";

	private final Rotation rotation;

	private final SecretCipher cipher;

	RotationJob(Rotation rotation, SecretCipher cipher) {
		this.rotation = rotation;
		this.cipher = cipher;
	}

	@Override
	public String kind() {
		return KIND;
	}

	@Override
	public boolean forAdmins() {
		return true;
	}

	@Override
	public void run(TaskRun run) {
		String keyId = run.parameters(Target.class).keyId();
		if (!Objects.equals(keyId, this.cipher.keyId())) {
			throw new Problem.Conflict("This node seals with %s (expected: %s, which the task was started for)."
				.formatted(name(this.cipher.keyId()), name(keyId)));
		}
		this.rotation.run((progress) -> run.progress(progress.resealed(), progress.total(),
				new Result(progress.resealed(), progress.unreadable())));
	}

	private static String name(@Nullable String keyId) {
		return (keyId != null) ? "key '%s'".formatted(keyId) : "no key";
	}

	/**
	 * What secrets are to be sealed with.
	 *
	 * @param keyId id of the key, or null for none
	 */
	record Target(@Nullable String keyId) {
	}

	/**
	 * What came of it.
	 *
	 * @param resealed secrets sealed anew
	 * @param unreadable secrets left as they are, as this node cannot open them
	 */
	record Result(long resealed, long unreadable) {
	}

}
