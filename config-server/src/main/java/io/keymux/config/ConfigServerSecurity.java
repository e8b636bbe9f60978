package io.keymux.config;

import java.io.IOException;
import java.security.SecureRandom;

import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Lets everybody ask for the health and only signed-in nodes for anything else. */
@Configuration(proxyBeanMethods = false)
class ConfigServerSecurity {

	@Bean
	SecurityFilterChain filterChain(HttpSecurity http) {
		return http
			.authorizeHttpRequests((requests) -> requests.requestMatchers(EndpointRequest.to(HealthEndpoint.class))
				.permitAll()
				// Nodes get what they may read in the clear; this would open any other
				// value.
				.requestMatchers("/decrypt/**")
				.denyAll()
				.anyRequest()
				.authenticated())
			.httpBasic(Customizer.withDefaults())
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			// No request changes anything here: /encrypt computes, /monitor looks.
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	@Bean
	PasswordEncoder passwordEncoder() {
		return new NodePassword();
	}

	@Bean
	UserDetailsService nodes(ConfigServerProperties properties, PasswordEncoder encoder) throws IOException {
		String password = properties.password().isEmpty()
				? new InitialPassword(properties.passwordFile(), new SecureRandom()).readOrGenerate()
				: properties.password();
		UserDetails node = User.withUsername(properties.username()).password(encoder.encode(password)).build();
		return new InMemoryUserDetailsManager(node);
	}

}
