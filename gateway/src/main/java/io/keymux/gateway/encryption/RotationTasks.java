package io.keymux.gateway.encryption;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.task.Task;
import io.keymux.gateway.task.Tasks;

import org.springframework.stereotype.Service;

/** Starts the change of the encryption key while the node serves. */
@Service
public class RotationTasks {

	private static final String TARGET = "secrets";

	private final Tasks tasks;

	private final SecretCipher cipher;

	RotationTasks(Tasks tasks, SecretCipher cipher) {
		this.tasks = tasks;
		this.cipher = cipher;
	}

	/**
	 * Starts to seal all secrets with the key of this node, or to store them in plain
	 * text if it has none.
	 * @param actor who wants it
	 * @return the task
	 * @throws Problem.Conflict if this node does not have the key of the database
	 */
	public Task start(Actor actor) {
		this.cipher.sealer();
		return this.tasks.start(actor, RotationJob.KIND, TARGET, new RotationJob.Target(this.cipher.keyId()));
	}

}
