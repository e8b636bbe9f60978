package io.keymux.gateway.management;

import java.time.Duration;

import io.keymux.gateway.admin.Role;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** Why someone may not do what he asks for. */
final class SecurityProblem extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	private SecurityProblem(HttpStatus status, String detail) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
	}

	static SecurityProblem unauthenticated() {
		return challenge("Send the admin key or an API token as 'Authorization: Bearer …', or log in at /api/login.");
	}

	static SecurityProblem wrongKey() {
		return challenge("The key is neither the admin key nor an API token that works.");
	}

	static SecurityProblem accessKeyNeeded() {
		return challenge("Send an access key that is enabled and has not expired.");
	}

	static SecurityProblem throttled(Duration retryAfter) {
		long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
		SecurityProblem problem = new SecurityProblem(HttpStatus.TOO_MANY_REQUESTS,
				"Too many wrong keys came from this address. The next one is looked at in %d seconds."
					.formatted(seconds));
		problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
		return problem;
	}

	static SecurityProblem roleNeeded(Role role) {
		return new SecurityProblem(HttpStatus.FORBIDDEN, "This needs the role '%s'.".formatted(role.title()));
	}

	static SecurityProblem csrfTokenNeeded() {
		return new SecurityProblem(HttpStatus.FORBIDDEN,
				"The session's CSRF token is missing or wrong (expected: its csrfToken as the header X-CSRF-TOKEN).");
	}

	private static SecurityProblem challenge(String detail) {
		SecurityProblem problem = new SecurityProblem(HttpStatus.UNAUTHORIZED, detail);
		problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"keymux\"");
		return problem;
	}

}
