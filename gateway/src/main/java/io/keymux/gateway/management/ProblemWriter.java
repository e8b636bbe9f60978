package io.keymux.gateway.management;

import io.keymux.gateway.document.Documents;
import io.keymux.gateway.problem.FieldError;
import io.keymux.gateway.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.support.WebExchangeBindException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;

/**
 * Answers whatever went wrong outside the proxy as problem details (RFC 9457), in words
 * of the API.
 */
@Component
@Order(-2) // before Spring Boot's own, which is at -1
class ProblemWriter implements ErrorWebExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(ProblemWriter.class);

	private final JsonMapper json;

	ProblemWriter(JsonMapper json) {
		this.json = json;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		if (ManagementSecurity.isProxy(exchange) || exchange.getResponse().isCommitted()) {
			return Mono.error(failure);
		}
		if (failure instanceof ErrorResponse response) {
			exchange.getResponse().getHeaders().addAll(response.getHeaders());
		}
		ProblemDetail problem = describe(exchange, failure);
		if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
			exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
		}
		return write(exchange, problem);
	}

	Mono<Void> write(ServerWebExchange exchange, ProblemDetail problem) {
		ServerHttpResponse response = exchange.getResponse();
		response.setRawStatusCode(problem.getStatus());
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		return response
			.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(this.json.writeValueAsBytes(problem))));
	}

	private static ProblemDetail describe(ServerWebExchange exchange, Throwable failure) {
		return switch (failure) {
			case Problem problem -> describe(problem);
			case WebExchangeBindException unbound -> describe(unbound);
			case ServerWebInputException input -> describe(input);
			case DecodingException _ ->
				ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The request cannot be read.");
			case DuplicateKeyException _ -> ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
					"Something with this name or key exists already.");
			case DataAccessResourceFailureException _, CannotCreateTransactionException _ -> unavailable(failure);
			case ConcurrencyFailureException _ -> ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
					"Another change of the same things takes long; send this one again.");
			case ErrorResponse response -> describe(exchange, response);
			default -> unexpected(exchange, failure);
		};
	}

	private static ProblemDetail describe(Problem problem) {
		ProblemDetail detail = ProblemDetail.forStatusAndDetail(switch (problem) {
			case Problem.Invalid _ -> HttpStatus.BAD_REQUEST;
			case Problem.Conflict _ -> HttpStatus.CONFLICT;
			case Problem.NotFound _ -> HttpStatus.NOT_FOUND;
		}, problem.getMessage());
		if (problem instanceof Problem.Invalid invalid) {
			detail.setProperty("errors", invalid.errors());
		}
		return detail;
	}

	private static ProblemDetail describe(WebExchangeBindException unbound) {
		return describe(new Problem.Invalid(unbound.getFieldErrors()
			.stream()
			.map((error) -> new FieldError(error.getField(),
					"'%s' (of another type than expected)".formatted(error.getRejectedValue())))
			.toList()));
	}

	/** The cause knows the field; Spring's own words would name Java types. */
	private static ProblemDetail describe(ServerWebInputException input) {
		for (Throwable cause = input.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof JacksonException json) {
				return describe(Documents.invalid(json));
			}
			if (cause instanceof DataBufferLimitException) {
				return ProblemDetail.forStatusAndDetail(HttpStatus.CONTENT_TOO_LARGE, "The document is too large.");
			}
		}
		String parameter = (input.getMethodParameter() != null) ? input.getMethodParameter().getParameterName() : null;
		return (parameter != null)
				? describe(new Problem.Invalid(parameter, "missing, or of another type than expected"))
				: ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The request cannot be read.");
	}

	private static ProblemDetail describe(ServerWebExchange exchange, ErrorResponse response) {
		String method = exchange.getRequest().getMethod().name();
		String path = exchange.getRequest().getPath().value();
		return switch (response) {
			case MethodNotAllowedException _ -> ProblemDetail.forStatusAndDetail(response.getStatusCode(),
					"'%s' does not take %s.".formatted(path, method));
			default -> response.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND) ? ProblemDetail.forStatusAndDetail(
					HttpStatus.NOT_FOUND, "There is nothing at '%s'.".formatted(path)) : response.getBody();
		};
	}

	private static ProblemDetail unavailable(Throwable failure) {
		logger.warn("The database does not answer", failure);
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer.");
	}

	private static ProblemDetail unexpected(ServerWebExchange exchange, Throwable failure) {
		String id = exchange.getRequest().getId();
		logger.error("Request {} failed", id, failure);
		return ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR,
				"Unexpected; the log of this node says more about request '%s'.".formatted(id));
	}

}
