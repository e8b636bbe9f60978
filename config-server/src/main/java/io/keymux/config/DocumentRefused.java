package io.keymux.config;

import java.net.URI;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A document that is not served: half of it, or what nobody can read, would be worse than
 * none, because nodes keep their last good settings. Its message holds no value.
 */
final class DocumentRefused extends ErrorResponseException {

	private final String reason;

	private DocumentRefused(HttpStatus status, String type, String reason) {
		super(status, problem(status, type, reason), null);
		this.reason = reason;
	}

	static DocumentRefused invalid(String reason) {
		return new DocumentRefused(HttpStatus.INTERNAL_SERVER_ERROR, "invalid-document", reason);
	}

	static DocumentRefused unavailable(String reason) {
		return new DocumentRefused(HttpStatus.SERVICE_UNAVAILABLE, "backend-unavailable", reason);
	}

	private static ProblemDetail problem(HttpStatus status, String type, String reason) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, reason);
		problem.setType(URI.create("urn:keymux:problem:" + type));
		return problem;
	}

	String reason() {
		return this.reason;
	}

	@Override
	public String getMessage() {
		return this.reason;
	}

}
