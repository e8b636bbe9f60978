package io.keymux.gateway.management;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.encryption.Encryption;
import io.keymux.gateway.encryption.EncryptionState;
import io.keymux.gateway.encryption.RotationTasks;
import io.keymux.gateway.task.Task;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Encryption at rest over HTTP. */
@Tag(name = "Encryption")
@RestController
@RequestMapping(path = "/api/encryption", produces = MediaType.APPLICATION_JSON_VALUE)
class EncryptionController {

	private final Encryption encryption;

	private final RotationTasks rotations;

	EncryptionController(Encryption encryption, RotationTasks rotations) {
		this.encryption = encryption;
		this.rotations = rotations;
	}

	@Operation(summary = "Tells which keys the stored secrets are encrypted with")
	@GetMapping
	EncryptionState state() {
		return this.encryption.state();
	}

	@Operation(summary = "Encrypts every stored secret with the present key of this node, as a task",
			description = "Without such a key they are stored in plain text. Requests go on meanwhile.")
	@PostMapping("/rotate")
	@ResponseStatus(HttpStatus.ACCEPTED)
	ResponseEntity<Task> rotate(Actor actor) {
		return TaskController.accepted(this.rotations.start(actor));
	}

}
