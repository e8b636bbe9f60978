package io.keymux.gateway.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a task stands. */
public enum TaskState {

	/** A node works on it. */
	@JsonProperty("running")
	RUNNING,

	/** It came to its end. */
	@JsonProperty("completed")
	COMPLETED,

	/** It broke off, or its node did. */
	@JsonProperty("failed")
	FAILED,

	/** Someone called it off. */
	@JsonProperty("cancelled")
	CANCELLED

}
