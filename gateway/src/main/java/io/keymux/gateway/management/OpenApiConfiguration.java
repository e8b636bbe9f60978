package io.keymux.gateway.management;

import java.util.List;
import java.util.Map;

import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.audit.Actor;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import tools.jackson.databind.JsonNode;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** What the OpenAPI document says beyond the signatures of the controllers. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

	private static final String PROBLEM = "Problem";

	private static final Map<String, String> ERRORS = Map.of("400",
			"The request breaks a rule; errors names the fields", "415", "The document has another media type");

	static {
		SpringDocUtils.getConfig()
			.addRequestWrapperToIgnore(Actor.class, Administrator.class)
			.replaceWithSchema(JsonNode.class, new Schema<>());
	}

	@Bean
	OpenAPI description() {
		return new OpenAPI()
			.info(new Info().title("Keymux management API")
				.version("1")
				.description("Groups, provider keys and access keys of the gateway."))
			.components(new Components());
	}

	@Bean
	OpenApiCustomizer errorAnswers() {
		return (document) -> {
			document.getComponents().addSchemas(PROBLEM, problem());
			document.getPaths()
				.forEach((path, item) -> item.readOperationsMap()
					.forEach((method, operation) -> addErrors(path, method, operation)));
		};
	}

	private static void addErrors(String path, PathItem.HttpMethod method, Operation operation) {
		ERRORS.forEach((status, description) -> {
			if (!status.equals("415") || operation.getRequestBody() != null) {
				operation.getResponses().addApiResponse(status, answer(description));
			}
		});
		if (path.contains("{") || namesGroup(operation)) {
			operation.getResponses().addApiResponse("404", answer("There is no such thing"));
		}
		if (operation.getParameters() != null) {
			// The server refuses it before anything that could describe a problem.
			operation.getResponses().addApiResponse("414", new ApiResponse().description("The URL is too long"));
		}
		if (method != PathItem.HttpMethod.GET) {
			operation.getResponses()
				.addApiResponse("409", answer("The request contradicts what is stored, or comes from a stale version"));
		}
	}

	private static boolean namesGroup(Operation operation) {
		return operation.getParameters() != null
				&& operation.getParameters().stream().anyMatch((parameter) -> "group".equals(parameter.getName()));
	}

	static ApiResponse answer(String description) {
		return new ApiResponse().description(description)
			.content(new Content().addMediaType("application/problem+json",
					new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
	}

	private static Schema<?> problem() {
		Schema<?> error = new ObjectSchema();
		error.addProperty("field", new StringSchema());
		error.addProperty("message", new StringSchema());
		error.setRequired(List.of("field", "message"));
		return new ObjectSchema().addProperty("type", new StringSchema())
			.addProperty("title", new StringSchema())
			.addProperty("status", new IntegerSchema())
			.addProperty("detail", new StringSchema())
			.addProperty("errors", new ArraySchema().items(error))
			.description("What went wrong (RFC 9457)");
	}

}
