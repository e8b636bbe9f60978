package io.keymux.gateway.management;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;

/** Who gets into the management API, and how far, whatever the database. */
abstract class AdminAccessContract extends AdminContract {

	@Test
	void showsATokensSecretOnce() {
		EntityExchangeResult<String> answer = create("""
				{"name": "deploy", "role": "operator", "expiresAt": "2030-01-01T00:00:00Z"}""");
		JsonNode created = json(answer);
		assertThat(answer.getStatus().value()).isEqualTo(201);
		assertThat(answer.getResponseHeaders().getLocation()).hasToString(path(created));
		assertThat(answer.getResponseHeaders().getETag()).isEqualTo("\"1\"");
		assertThat(created.path("secret").asString()).startsWith("kmt-").hasSize(47);
		assertThat(created.path("createdAt").asString()).isEqualTo(this.time.instant().toString());
		String shown = text(as(ADMIN_KEY, HttpMethod.GET, path(created), null));
		assertThat(shown).contains("\"masked\":\"kmt-…", "\"role\":\"operator\"").doesNotContain("secret");
		assertThat(text(as(ADMIN_KEY, HttpMethod.GET, "/api/tokens", null))).contains("deploy")
			.doesNotContain("secret");
		assertThat(this.jdbc.sql("select secret_hash from keymux_api_token").query(String.class).single())
			.doesNotContain("kmt-")
			.hasSize(43);
	}

	@Test
	void refusesTokensThatBreakARule() {
		assertThat(fields(create("{}"))).containsExactly("name", "role");
		assertThat(fields(create("{\"name\": \" x\", \"role\": \"viewer\"}"))).containsExactly("name");
		assertThat(fields(create("{\"name\": \"x\", \"role\": \"root\"}"))).containsExactly("role");
		assertThat(fields(create("{\"name\": \"x\", \"role\": \"viewer\", \"secret\": \"mine\"}")))
			.containsExactly("secret");
		create("{\"name\": \"twice\", \"role\": \"viewer\"}");
		assertThat(status(create("{\"name\": \"twice\", \"role\": \"viewer\"}"))).isEqualTo(409);
		assertThat(status(as(ADMIN_KEY, HttpMethod.GET, "/api/tokens/0", null))).isEqualTo(404);
	}

	@Test
	void endsASecretWhenItIsRotated() {
		JsonNode token = json(create("{\"name\": \"t\", \"role\": \"viewer\"}"));
		String old = token.path("secret").asString();
		assertThat(status(as(old, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
		assertThat(status(send(HttpMethod.POST, path(token) + "/rotate", null, (headers) -> {
			headers.setBearerAuth(ADMIN_KEY);
			headers.setIfMatch("\"7\"");
		}))).isEqualTo(409);
		EntityExchangeResult<String> answer = as(ADMIN_KEY, HttpMethod.POST, path(token) + "/rotate", null);
		String fresh = json(answer).path("secret").asString();
		assertThat(answer.getResponseHeaders().getETag()).isEqualTo("\"2\"");
		assertThat(fresh).isNotEqualTo(old);
		assertThat(status(as(old, HttpMethod.GET, "/api/groups", null))).isEqualTo(401);
		assertThat(status(as(fresh, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
	}

	@Test
	void endsATokenThatIsDisabledExpiredOrDeleted() {
		JsonNode token = json(create("{\"name\": \"t\", \"role\": \"viewer\"}"));
		String secret = token.path("secret").asString();
		as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"enabled\": false}");
		assertThat(status(as(secret, HttpMethod.GET, "/api/groups", null))).isEqualTo(401);
		String soon = this.time.instant().plus(Duration.ofHours(1)).toString();
		as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"enabled\": true, \"expiresAt\": \"%s\"}".formatted(soon));
		assertThat(status(as(secret, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
		this.time.pass(Duration.ofHours(1));
		assertThat(status(as(secret, HttpMethod.GET, "/api/groups", null))).isEqualTo(401);
		as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"expiresAt\": null}");
		assertThat(status(as(secret, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
		assertThat(status(as(ADMIN_KEY, HttpMethod.DELETE, path(token), null))).isEqualTo(204);
		assertThat(status(as(secret, HttpMethod.GET, "/api/groups", null))).isEqualTo(401);
	}

	@Test
	void notesWhoChangedATokenAndFromWhereButNotItsSecret() {
		JsonNode chief = json(create("{\"name\": \"chief\", \"role\": \"admin\"}"));
		JsonNode token = json(as(chief.path("secret").asString(), HttpMethod.POST, "/api/tokens",
				"{\"name\": \"noted\", \"role\": \"viewer\"}"));
		as(chief.path("secret").asString(), HttpMethod.PATCH, path(token), "{\"role\": \"operator\"}");
		List<Map<String, @Nullable Object>> entries = this.jdbc
			.sql("select * from keymux_audit where target = 'noted' order by id")
			.query()
			.listOfRows();
		assertThat(entries).extracting((entry) -> entry.get("action")).containsExactly("token.create", "token.update");
		assertThat(entries).allSatisfy((entry) -> {
			assertThat(entry).containsEntry("actor", "chief")
				.containsEntry("actor_kind", "token")
				.containsEntry("address", this.address);
			assertThat(String.valueOf(entry.get("after_change"))).doesNotContain(token.path("secret").asString());
		});
	}

	/**
	 * Every route of the API description, so that none is forgotten: each role gets as
	 * far as its own routes, and not further.
	 */
	@Test
	void opensEveryRouteToTheRolesItNeedsAndToNoOther() {
		Map<String, String> secrets = Map.of("viewer", secretOf("viewer"), "operator", secretOf("operator"), "admin",
				secretOf("admin"));
		List<String> roles = List.of("viewer", "operator", "admin");
		JsonNode document = json(as(ADMIN_KEY, HttpMethod.GET, "/v3/api-docs", null));
		List<String> wrong = new ArrayList<>();
		operations(document).forEach((operation) -> {
			int needed = roles.indexOf(operation.roleNeeded());
			for (String role : roles) {
				int status = head(operation.method(), operation.path(), operation.body(),
						(headers) -> headers.setBearerAuth(String.valueOf(secrets.get(role))));
				if ((status == 403) != (roles.indexOf(role) < needed) || status == 401 || status == 429) {
					wrong.add("%s as %s: %d".formatted(operation, role, status));
				}
			}
			int status = head(operation.method(), operation.path(), operation.body(), (_) -> {
			});
			if ((status == 401) == operation.isOpen()) {
				wrong.add("%s as nobody: %d".formatted(operation, status));
			}
		});
		assertThat(wrong).isEmpty();
	}

	@Test
	void namesTheRoleThatIsNeeded() {
		EntityExchangeResult<String> answer = as(secretOf("viewer"), HttpMethod.POST, "/api/groups", "{}");
		assertThat(status(answer)).isEqualTo(403);
		assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(json(answer).path("detail").asString()).isEqualTo("This needs the role 'operator'.");
		String operator = secretOf("operator");
		for (String query : List.of("secrets=true", "secrets=false&secrets=1", "secrets")) {
			assertThat(status(as(operator, HttpMethod.GET, "/api/export?" + query, null))).isEqualTo(403);
		}
	}

	@Test
	void letsOperatorsNeitherRepeatNorCallOffWhatOnlyAdminsStart() {
		JsonNode task = json(as(ADMIN_KEY, HttpMethod.POST, "/api/encryption/rotate", ""));
		String path = "/api/tasks/" + task.path("id").asLong();
		String operator = secretOf("operator");
		assertThat(status(as(operator, HttpMethod.POST, path + "/repeat", ""))).isEqualTo(403);
		assertThat(status(as(operator, HttpMethod.DELETE, path, null))).isEqualTo(403);
		assertThat(status(as(operator, HttpMethod.GET, path, null))).isEqualTo(200);
	}

	@Test
	void looksAtTenWrongKeysAMinuteFromOneAddress() {
		String good = secretOf("viewer");
		for (int i = 0; i < 10; i++) {
			assertThat(status(as("wrong-" + i, HttpMethod.GET, "/api/groups", null))).isEqualTo(401);
		}
		EntityExchangeResult<String> throttled = as(good, HttpMethod.GET, "/api/groups", null);
		assertThat(status(throttled)).isEqualTo(429);
		assertThat(throttled.getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("6");
		assertThat(throttled.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		this.time.pass(Duration.ofMillis(5999));
		assertThat(status(as(good, HttpMethod.GET, "/api/groups", null))).isEqualTo(429);
		this.time.pass(Duration.ofMillis(1));
		assertThat(status(as(good, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
		assertThat(status(as("wrong-again", HttpMethod.GET, "/api/groups", null))).isEqualTo(401);
		assertThat(status(as("wrong-again", HttpMethod.GET, "/api/groups", null))).isEqualTo(429);
	}

	@Test
	void aGuesserShutsOutNobodyWhoWasInBefore() {
		String regular = secretOf("viewer");
		String newcomer = secretOf("operator");
		assertThat(status(as(regular, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
		for (int i = 0; i < 10; i++) {
			as("wrong-" + i, HttpMethod.GET, "/api/groups", null);
		}
		assertThat(status(as(regular, HttpMethod.GET, "/api/groups", null))).isEqualTo(200);
		assertThat(status(as(newcomer, HttpMethod.GET, "/api/groups", null))).isEqualTo(429);
		assertThat(status(from("198.51.100.7", newcomer))).isEqualTo(200);
	}

	@Test
	void addressesOfOneIpv6NetworkCountAsOne() {
		for (int i = 0; i < 10; i++) {
			assertThat(status(from("2001:db8:0:" + places.get() + "::" + i, "wrong"))).isEqualTo(401);
		}
		assertThat(status(from("2001:db8:0:" + places.get() + ":ffff::1", "wrong"))).isEqualTo(429);
		assertThat(status(from("2001:db8:1:" + places.get() + "::1", "wrong"))).isEqualTo(401);
	}

	private static Stream<Route> operations(JsonNode document) {
		return document.path("paths")
			.propertyStream()
			.flatMap((path) -> path.getValue()
				.propertyStream()
				.map((method) -> Route.of(method.getKey(), path.getKey(), method.getValue())));
	}

	/**
	 * A route as the description lists it, asked for something that does not exist.
	 *
	 * @param method its method
	 * @param template its path
	 * @param takesBody whether it takes a document
	 * @param declared the role the description says it needs
	 */
	private record Route(HttpMethod method, String template, boolean takesBody, String declared) {

		static Route of(String method, String template, JsonNode operation) {
			return new Route(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), template,
					operation.has("requestBody"), operation.path("x-keymux-role").asString());
		}

		boolean isOpen() {
			return this.template.equals("/api/login");
		}

		/** Said here once more, for the description is made by what is tested. */
		String roleNeeded() {
			List<String> adminsOnly = List.of("/api/tokens", "/api/groups/{group}/keys/export", "/api/import",
					"/api/encryption/rotate");
			if (isOpen()) {
				return "";
			}
			boolean harmless = this.method.equals(HttpMethod.GET) || this.template.equals("/api/logout");
			String needed = harmless ? "viewer" : "operator";
			if (adminsOnly.stream().anyMatch(this.template::startsWith)) {
				needed = "admin";
			}
			assertThat(this.declared).as(toString()).isEqualTo(needed);
			return needed;
		}

		String path() {
			return this.template.replaceAll("\\{id}", "0").replaceAll("\\{\\w+}", "nobody");
		}

		@Nullable String body() {
			return this.takesBody ? "{\"no-such-field\": 1}" : null;
		}

		@Override
		public String toString() {
			return this.method + " " + this.template;
		}

	}

}
