package io.keymux.e2e;

import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** People log in through an authorization server, on two gateways of one database. */
class OpenIdLoginIT {

	private static final SharedDatabase database = SharedDatabase.start();

	private static final int firstPort = FreePort.next();

	private static final OpenIdProvider provider = OpenIdProvider
		.start(URI.create("http://127.0.0.1:" + firstPort + "/login/oauth2/code/oidc"));

	private static final GatewayProcess first = gateway("openid-first", firstPort);

	/** Started behind the first: one of them makes the tables. */
	private static final GatewayProcess second = gateway("openid-second", FreePort.next());

	private final Browser browser = new Browser();

	private static GatewayProcess gateway(String name, int port) {
		Map<String, String> variables = new HashMap<>(database.variables());
		variables.putAll(provider.variables());
		variables.put("KEYMUX_PROXY_PUBLIC_URL", "http://127.0.0.1:" + firstPort);
		return GatewayProcess.start(name, port, variables).awaitReady();
	}

	@BeforeAll
	static void honestProvider() {
		provider.forgeNonce(false);
	}

	@AfterAll
	static void stop() {
		first.close();
		second.close();
		provider.close();
		database.close();
	}

	@ParameterizedTest
	@CsvSource({ "vera, viewer, 200, 403, 403", "olaf, operator, 200, 400, 403", "ada, admin, 200, 400, 200" })
	void opensWhatTheRoleOfTheGroupOpens(String user, String role, int read, int write, int tokens) {
		HttpResponse<String> end = login(user);
		assertThat(end.statusCode()).isEqualTo(200);
		assertThat(end.body()).contains("content=\"0;url=/console/groups?page=1&amp;size=2\"");
		JsonNode session = session(first);
		assertThat(session.path("name").asString()).isEqualTo(user + "@example.com");
		assertThat(session.path("role").asString()).isEqualTo(role);
		assertThat(session.path("via").asString()).isEqualTo("oidc");
		assertThat(this.browser.get(first.uri("/api/groups")).statusCode()).isEqualTo(read);
		assertThat(write(first, session).statusCode()).isEqualTo(write);
		assertThat(this.browser.get(first.uri("/api/tokens")).statusCode()).isEqualTo(tokens);
	}

	@Test
	void refusesWhoHasNoRole() {
		HttpResponse<String> end = login("nils");
		assertThat(end.statusCode()).isEqualTo(403);
		assertThat(end.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(end.body()).contains("nils@example.com");
		assertThat(this.browser.get(first.uri("/api/session")).statusCode()).isEqualTo(401);
	}

	@Test
	void keepsTheSessionOnEveryNodeOfTheDatabase() {
		login("olaf");
		JsonNode session = session(second);
		assertThat(session.path("role").asString()).isEqualTo("operator");
		assertThat(session).isEqualTo(session(first));
		assertThat(write(second, session).statusCode()).isEqualTo(400);
	}

	@Test
	void mayComeBackToAnotherNode() {
		URI back = back("vera");
		HttpResponse<String> end = this.browser.get(second.uri(back.getRawPath() + "?" + back.getRawQuery()));
		assertThat(end.statusCode()).isEqualTo(200);
		assertThat(session(second).path("role").asString()).isEqualTo("viewer");
	}

	@Test
	void takesACodeOnce() {
		URI back = back("ada");
		HttpCookie underWay = this.browser.cookie("keymux-oidc");
		String value = underWay.getValue();
		assertThat(this.browser.get(back).statusCode()).isEqualTo(200);
		assertThat(this.browser.get(back).statusCode()).isEqualTo(401);
		assertThat(withCookie(value, back).statusCode()).isEqualTo(401);
	}

	@Test
	void refusesAnotherState() {
		URI back = back("ada");
		assertRefused(this.browser.get(URI.create(back.toString().replaceAll("state=[^&]{4}", "state=AAAA"))));
		assertThat(this.browser.get(URI.create(back.toString().replaceAll("&?state=[^&]*", ""))).statusCode())
			.isEqualTo(401);
	}

	@Test
	void refusesALoginThatAnotherBrowserBegan() {
		URI back = back("ada");
		assertRefused(new Browser().get(back));
	}

	@Test
	void refusesACookieItDidNotSign() {
		URI back = back("ada");
		HttpCookie cookie = this.browser.cookie("keymux-oidc");
		cookie.setValue("A" + cookie.getValue().substring(1));
		assertRefused(this.browser.get(back));
	}

	/** The challenge on the way out is not that of the verifier in the cookie. */
	@Test
	void refusesACodeThatWasAskedForByAnother() {
		URI authorize = begin();
		assertThat(authorize.toString()).contains("code_challenge_method=S256", "nonce=");
		URI forged = URI.create(authorize.toString().replaceAll("code_challenge=[^&]{4}", "code_challenge=AAAA"));
		assertRefused(this.browser.get(provider.login(this.browser, forged, "ada")));
	}

	@Test
	void refusesATokenMadeForAnotherLogin() {
		URI back = back("ada");
		provider.forgeNonce(true);
		try {
			assertRefused(this.browser.get(back));
		}
		finally {
			provider.forgeNonce(false);
		}
	}

	@Test
	void returnsOnlyToItsOwnPages() {
		for (String elsewhere : new String[] { "https://evil.example", "//evil.example", "/%5Cevil.example" }) {
			Browser other = new Browser();
			URI authorize = Browser.location(other.get(first.uri("/oauth2/authorization/oidc?return-to=" + elsewhere)));
			HttpResponse<String> end = other.get(provider.login(other, authorize, "vera"));
			assertThat(end.body()).contains("content=\"0;url=/console\"").doesNotContain("evil");
		}
	}

	private void assertRefused(HttpResponse<String> end) {
		assertThat(end.statusCode()).isEqualTo(401);
		assertThat(end.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(this.browser.get(first.uri("/api/session")).statusCode()).isEqualTo(401);
	}

	private HttpResponse<String> login(String user) {
		return this.browser.get(back(user));
	}

	/** Where the provider sends the browser after its part of the login. */
	private URI back(String user) {
		return provider.login(this.browser, begin(), user);
	}

	private URI begin() {
		return Browser.location(
				this.browser.get(first.uri("/oauth2/authorization/oidc?return-to=/console/groups?page=1%26size=2")));
	}

	private JsonNode session(GatewayProcess node) {
		HttpResponse<String> answer = this.browser.get(node.uri("/api/session"));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(answer.body());
	}

	/** Adds a group that breaks every rule: 400 means that it was let in. */
	private HttpResponse<String> write(GatewayProcess node, JsonNode session) {
		return this.browser.post(node.uri("/api/groups"), "application/json", "{}", "X-CSRF-TOKEN",
				session.path("csrfToken").asString());
	}

	private static HttpResponse<String> withCookie(String value, URI uri) {
		Browser other = new Browser();
		other.keep(uri, "keymux-oidc", value);
		return other.get(uri);
	}

}
