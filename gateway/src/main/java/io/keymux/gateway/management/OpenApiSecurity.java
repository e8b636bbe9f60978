package io.keymux.gateway.management;

import java.util.List;

import io.keymux.gateway.admin.Role;
import io.keymux.gateway.session.SessionCookies;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;

import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/** Describes who may ask for which route, and how he proves who he is. */
@Component
class OpenApiSecurity implements OpenApiCustomizer {

	private static final String BEARER = "bearer";

	private static final String SESSION = "session";

	private static final String CSRF = "csrf";

	private final Permissions permissions;

	OpenApiSecurity(Permissions permissions) {
		this.permissions = permissions;
	}

	@Override
	public void customise(OpenAPI document) {
		document.getComponents()
			.addSecuritySchemes(BEARER,
					new SecurityScheme().type(SecurityScheme.Type.HTTP)
						.scheme("bearer")
						.description("The admin key or an API token"))
			.addSecuritySchemes(SESSION,
					key(SecurityScheme.In.COOKIE, SessionCookies.NAME).description("The cookie of a login"))
			.addSecuritySchemes(CSRF,
					key(SecurityScheme.In.HEADER, "X-CSRF-TOKEN").description("What /api/session shows as csrfToken"));
		document.getPaths()
			.forEach((path, item) -> item.readOperationsMap()
				.forEach((method, operation) -> describe(path, method, operation)));
	}

	private void describe(String path, PathItem.HttpMethod method, Operation operation) {
		@Nullable Role role = this.permissions.needed(HttpMethod.valueOf(method.name()), path);
		operation.getResponses()
			.addApiResponse("401", OpenApiConfiguration.answer("No admin key, API token or session, or a wrong one"))
			.addApiResponse("429", OpenApiConfiguration.answer("Too many wrong keys came from this address"));
		if (role == null) {
			operation.security(List.of());
			return;
		}
		SecurityRequirement session = new SecurityRequirement().addList(SESSION);
		if (method != PathItem.HttpMethod.GET) {
			session.addList(CSRF);
		}
		operation.security(List.of(new SecurityRequirement().addList(BEARER), session));
		operation.addExtension("x-keymux-role", role.title());
		operation.getResponses()
			.addApiResponse("403", OpenApiConfiguration.answer("This needs the role %s".formatted(role.title())));
	}

	private static SecurityScheme key(SecurityScheme.In place, String name) {
		return new SecurityScheme().type(SecurityScheme.Type.APIKEY).in(place).name(name);
	}

}
