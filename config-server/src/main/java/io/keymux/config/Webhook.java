package io.keymux.config;

import java.util.Map;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where a git host tells of a push. Whatever it says is taken as a reason to look now, so
 * that any host will do, and a forged message can change nothing.
 */
@RestController
class Webhook {

	private final DocumentWatch watch;

	Webhook(DocumentWatch watch) {
		this.watch = watch;
	}

	@PostMapping("/monitor")
	Map<String, Boolean> look() {
		return Map.of("changed", this.watch.look());
	}

}
