package io.keymux.gateway.management;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.session.SessionEnded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;

/** What a login to the management API promises, whatever the database. */
abstract class SessionContract extends AdminContract {

	private static final String COOKIE = "keymux-session";

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	ApplicationEventPublisher publisher;

	@Test
	void opensTheApiToTheCookieOfALogin() {
		EntityExchangeResult<String> login = login(ADMIN_KEY);
		assertThat(status(login)).isEqualTo(200);
		JsonNode shown = json(login);
		assertThat(shown.path("name").asString()).isEqualTo("admin");
		assertThat(shown.path("role").asString()).isEqualTo("admin");
		assertThat(shown.path("via").asString()).isEqualTo("admin-key");
		assertThat(Instant.parse(shown.path("expiresAt").asString())).isBetween(
				this.time.instant().plus(Duration.ofMinutes(479)), this.time.instant().plus(Duration.ofHours(8)));
		ResponseCookie cookie = cookie(login);
		assertThat(cookie.isHttpOnly()).isTrue();
		assertThat(cookie.isSecure()).isFalse();
		assertThat(cookie.getSameSite()).isEqualTo("Strict");
		assertThat(cookie.getPath()).isEqualTo("/");
		assertThat(cookie.getMaxAge()).isEqualTo(Duration.ofHours(8));
		assertThat(json(asked(cookie.getValue(), "/api/session"))).isEqualTo(shown);
		assertThat(status(asked(cookie.getValue(), "/api/groups"))).isEqualTo(200);
		assertThat(status(asked("", "/api/session"))).isEqualTo(401);
	}

	@Test
	void keepsTheCookieToEncryptedConnections() {
		EntityExchangeResult<String> login = send(HttpMethod.POST, "/api/login", key(ADMIN_KEY),
				(headers) -> headers.set("X-Forwarded-Proto", "https"));
		assertThat(cookie(login).isSecure()).isTrue();
	}

	@Test
	void refusesWrongKeysWithoutRepeatingThem() {
		EntityExchangeResult<String> login = login("wrong-key-typed");
		assertThat(status(login)).isEqualTo(401);
		assertThat(login.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(login.getResponseCookies()).isEmpty();
		assertThat(text(login)).doesNotContain("wrong-key-typed");
		for (String body : List.of("{}", "{\"key\": 12345678}", "[]", "{\"key\": null}")) {
			EntityExchangeResult<String> answer = send(HttpMethod.POST, "/api/login", body, (_) -> {
			});
			assertThat(fields(answer)).containsExactly("key");
			assertThat(text(answer)).doesNotContain("12345678");
		}
	}

	@Test
	void holdsNoMoreOfALoginThanAKey() {
		String huge = key("x".repeat(100_000));
		assertThat(status(send(HttpMethod.POST, "/api/login", huge, (_) -> {
		}))).isEqualTo(400);
	}

	@Test
	void notesLoginsButNotWhatWasTypedNorWhatIsThrottled() {
		String newcomer = secretOf("viewer");
		for (int i = 0; i < 13; i++) {
			assertThat(status(login("typed-by-a-guesser"))).isEqualTo((i < 10) ? 401 : 429);
		}
		assertThat(status(login(newcomer))).isEqualTo(429);
		this.time.pass(Duration.ofMinutes(1));
		String cookie = cookie(login(ADMIN_KEY)).getValue();
		logout(cookie, csrfToken(cookie));
		List<Map<String, @Nullable Object>> entries = this.jdbc
			.sql("select * from keymux_audit where address = ? and action like 'session.%' order by id")
			.param(this.address)
			.query()
			.listOfRows();
		assertThat(entries).hasSize(12);
		assertThat(entries.subList(0, 10)).allSatisfy((entry) -> assertThat(entry).containsEntry("actor", "unknown")
			.containsEntry("actor_kind", "unknown")
			.containsEntry("action", "session.refuse"));
		assertThat(entries.subList(10, 12)).extracting((entry) -> entry.get("action") + " " + entry.get("actor"))
			.containsExactly("session.begin admin", "session.end admin");
		assertThat(entries.toString()).doesNotContain("typed-by-a-guesser");
	}

	@Test
	void goesAsFarAsTheRoleOfTheToken() {
		String cookie = cookie(login(secretOf("viewer"))).getValue();
		assertThat(json(asked(cookie, "/api/session")).path("via").asString()).isEqualTo("token");
		assertThat(status(asked(cookie, "/api/groups"))).isEqualTo(200);
		assertThat(status(changed(cookie, csrfToken(cookie)))).isEqualTo(403);
		assertThat(status(asked(cookie, "/api/tokens"))).isEqualTo(403);
	}

	@Test
	void wantsTheCsrfTokenForChangesAndForNothingElse() {
		String cookie = cookie(login(ADMIN_KEY)).getValue();
		String other = cookie(login(ADMIN_KEY)).getValue();
		EntityExchangeResult<String> refused = changed(cookie, null);
		assertThat(status(refused)).isEqualTo(403);
		assertThat(json(refused).path("detail").asString()).contains("CSRF token", "X-CSRF-TOKEN");
		assertThat(status(changed(cookie, "wrong"))).isEqualTo(403);
		assertThat(status(changed(cookie, csrfToken(other)))).isEqualTo(403);
		assertThat(status(changed(cookie, csrfToken(cookie)))).isEqualTo(400);
		assertThat(status(send(HttpMethod.POST, "/api/groups", "{}", (headers) -> {
			headers.set(HttpHeaders.COOKIE, COOKIE + "=" + cookie);
			headers.setBasicAuth("any", "one");
		}))).isEqualTo(403);
		assertThat(status(send(HttpMethod.POST, "/api/groups", "{}", (headers) -> {
			headers.set(HttpHeaders.COOKIE, COOKIE + "=" + cookie);
			headers.setBearerAuth(ADMIN_KEY);
		}))).isEqualTo(400);
	}

	@Test
	void takesTheCsrfTokenOfAFormToo() {
		String cookie = cookie(login(ADMIN_KEY)).getValue();
		assertThat(status(form(cookie, "_csrf=wrong"))).isEqualTo(403);
		assertThat(status(form(cookie, "_csrf=" + csrfToken(cookie)))).isEqualTo(415);
	}

	@Test
	void endsWithALogoutAndOnlyThatSession() {
		String cookie = cookie(login(ADMIN_KEY)).getValue();
		String other = cookie(login(ADMIN_KEY)).getValue();
		assertThat(status(logout(cookie, null))).isEqualTo(403);
		EntityExchangeResult<String> answer = logout(cookie, csrfToken(cookie));
		assertThat(status(answer)).isEqualTo(204);
		assertThat(cookie(answer).getMaxAge()).isZero();
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(401);
		assertThat(status(asked(other, "/api/session"))).isEqualTo(200);
	}

	/** As another node tells of a logout; this one has never heard of the session. */
	@Test
	void endsWhenAnotherNodeTellsOfALogout() {
		String cookie = cookie(login(ADMIN_KEY)).getValue();
		String claims = new String(Base64.getUrlDecoder().decode(cookie.substring(0, cookie.indexOf('.'))),
				StandardCharsets.UTF_8);
		String id = JsonMapper.shared().readTree(claims).path("id").asString();
		this.publisher.publishEvent(new SessionEnded(id, this.time.instant().plus(Duration.ofHours(8))));
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(401);
	}

	@Test
	void endsAfterEightHours() {
		String cookie = cookie(login(ADMIN_KEY)).getValue();
		this.time.pass(Duration.ofHours(8).minusSeconds(2));
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(200);
		this.time.pass(Duration.ofSeconds(2));
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(401);
	}

	@Test
	void endsWithItsToken() {
		String soon = this.time.instant().plus(Duration.ofMinutes(5)).toString();
		JsonNode token = json(create("{\"name\": \"t\", \"role\": \"viewer\", \"expiresAt\": \"%s\"}".formatted(soon)));
		AtomicReference<String> secret = new AtomicReference<>(token.path("secret").asString());
		assertEnds(secret, () -> this.time.pass(Duration.ofMinutes(5)));
		as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"expiresAt\": null}");
		assertEnds(secret, () -> as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"role\": \"operator\"}"));
		assertEnds(secret, () -> as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"enabled\": false}"));
		as(ADMIN_KEY, HttpMethod.PATCH, path(token), "{\"enabled\": true}");
		assertEnds(secret, () -> secret
			.set(json(as(ADMIN_KEY, HttpMethod.POST, path(token) + "/rotate", null)).path("secret").asString()));
		assertEnds(secret, () -> as(ADMIN_KEY, HttpMethod.DELETE, path(token), null));
	}

	@Test
	void trustsNoCookieItDidNotSign() {
		String cookie = cookie(login(secretOf("viewer"))).getValue();
		int dot = cookie.indexOf('.');
		String claims = new String(Base64.getUrlDecoder().decode(cookie.substring(0, dot)), StandardCharsets.UTF_8);
		String forged = Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(claims.replace("viewer", "admin").getBytes(StandardCharsets.UTF_8));
		for (String wrong : List.of(forged + cookie.substring(dot), forged, forged + ".", "." + cookie, "x.y", "..",
				cookie + "A", cookie.substring(0, cookie.length() - 1))) {
			assertThat(status(asked(wrong, "/api/session"))).as(wrong).isEqualTo(401);
		}
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(200);
	}

	/** With the encryption key elsewhere, a copy of the database lets nobody in. */
	@Test
	void trustsNoCookieSignedWithWhatTheDatabaseHolds() {
		String claims = cookie(login(ADMIN_KEY)).getValue().split("\\.", 2)[0];
		byte[] hashKey = Base64.getDecoder()
			.decode(this.jdbc.sql("select hash_key from keymux_vault").query(String.class).single());
		String signature = new KeyedHasher(hashKey).derive("session 1").hash(claims).text();
		assertThat(status(asked(claims + "." + signature, "/api/session"))).isEqualTo(401);
		assertThat(this.jdbc.sql("select secret from keymux_session_key").query(String.class).single())
			.startsWith("tink:");
	}

	@Test
	void aGuesserKeepsNobodyFromLoggingInAgain() {
		assertThat(status(login(ADMIN_KEY))).isEqualTo(200);
		for (int i = 0; i < 13; i++) {
			login("guess-" + i);
		}
		assertThat(status(login(ADMIN_KEY))).isEqualTo(200);
	}

	private void assertEnds(AtomicReference<String> secret, Runnable change) {
		String cookie = cookie(login(secret.get())).getValue();
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(200);
		change.run();
		assertThat(status(asked(cookie, "/api/session"))).isEqualTo(401);
	}

	private EntityExchangeResult<String> login(String key) {
		return send(HttpMethod.POST, "/api/login", key(key), (_) -> {
		});
	}

	private EntityExchangeResult<String> logout(String cookie, @Nullable String csrf) {
		return send(HttpMethod.POST, "/api/logout", null, (headers) -> session(headers, cookie, csrf));
	}

	/** Tries to add a group that breaks every rule: 400 means that it was let in. */
	private EntityExchangeResult<String> changed(String cookie, @Nullable String csrf) {
		return send(HttpMethod.POST, "/api/groups", "{}", (headers) -> session(headers, cookie, csrf));
	}

	private EntityExchangeResult<String> asked(String cookie, String path) {
		return send(HttpMethod.GET, path, null, (headers) -> session(headers, cookie, null));
	}

	/** The API takes no forms: 415 means that it was let in. */
	private EntityExchangeResult<String> form(String cookie, String fields) {
		return this.client.post()
			.uri("/api/groups")
			.header("X-Forwarded-For", this.address)
			.cookie(COOKIE, cookie)
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.bodyValue(fields)
			.exchange()
			.expectBody(String.class)
			.returnResult();
	}

	private String csrfToken(String cookie) {
		return json(asked(cookie, "/api/session")).path("csrfToken").asString();
	}

	private static void session(HttpHeaders headers, String cookie, @Nullable String csrf) {
		headers.set(HttpHeaders.COOKIE, COOKIE + "=" + cookie);
		if (csrf != null) {
			headers.set("X-CSRF-TOKEN", csrf);
		}
	}

	private static String key(String key) {
		return "{\"key\": \"%s\"}".formatted(key);
	}

	private static ResponseCookie cookie(EntityExchangeResult<String> answer) {
		return Objects.requireNonNull(answer.getResponseCookies().getFirst(COOKIE));
	}

}
