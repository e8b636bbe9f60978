package io.keymux.gateway.oidc;

import java.util.stream.Stream;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Whether the environment says anything about an OpenID provider. */
class OidcConfigured implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return Stream.of("issuer", "client-id", "client-secret", "client-secret-file")
			.map((name) -> context.getEnvironment().getProperty("keymux.oidc." + name))
			.anyMatch(StringUtils::hasText);
	}

}
