package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.time.Instant;

import io.keymux.gateway.price.Prices;
import io.keymux.gateway.token.TokenUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What prices promise, whatever the database. */
abstract class PriceContract extends ManagementContract {

	private static final Instant EARLY = Instant.parse("2026-01-15T23:59:59.999Z");

	private static final Instant LATE = Instant.parse("2026-01-16T00:00:00Z");

	private static final TokenUsage MILLION = new TokenUsage(1_000_000, 0, 0, 0, 0);

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	Prices prices;

	@BeforeEach
	void deletePrices() {
		json(get("/api/prices?size=1000")).path("items")
			.valueStream()
			.filter((price) -> !price.path("shipped").asBoolean())
			.forEach((price) -> this.client.delete()
				.uri("/api/prices/" + price.path("id").asLong())
				.exchange()
				.expectStatus()
				.isNoContent());
		this.jdbc.sql("delete from keymux_audit").update();
	}

	@Test
	void refusesNoPriceAtAll() {
		expectProblem(post("/api/prices", "null"), 400);
	}

	@Test
	void knowsTheListPricesOfEachProvider() {
		assertThat(cost("openai", "gpt-4o", LATE, MILLION)).isEqualByComparingTo("2.5");
		assertThat(cost("openai", "gpt-4o-2024-08-06", LATE, MILLION)).isEqualByComparingTo("2.5");
		assertThat(cost("openai", "gpt-4o-2024-05-13", LATE, MILLION)).isEqualByComparingTo("5");
		assertThat(cost("openai", "gpt-4o-mini", LATE, MILLION)).isEqualByComparingTo("0.15");
		assertThat(cost("openai", "gpt-4o-mini-2024-07-18", LATE, MILLION)).isEqualByComparingTo("0.15");
		assertThat(cost("anthropic", "claude-sonnet-4-5-20250929", LATE, MILLION)).isEqualByComparingTo("3");
		assertThat(cost("anthropic", "claude-opus-4-20250514", LATE, MILLION)).isEqualByComparingTo("15");
		assertThat(cost("anthropic", "claude-opus-4-5-20251101", LATE, MILLION)).isEqualByComparingTo("5");
		assertThat(cost("gemini", "models/gemini-2.5-flash", LATE, MILLION)).isEqualByComparingTo("0.3");
		assertThat(cost("gemini", "gemini-2.5-flash-preview-09-2025", LATE, MILLION)).isEqualByComparingTo("0.3");
		assertThat(cost("gemini", "gemini-3-pro-preview", LATE, MILLION)).isEqualByComparingTo("2");
		assertThat(cost("openai", "gpt-4o-realtime-preview", LATE, MILLION)).isNull();
		assertThat(cost("openai", "ft:gpt-4o-mini:us", LATE, MILLION)).isNull();
		assertThat(cost("gemini", "gpt-4o", LATE, MILLION)).isNull();
		assertThat(cost("nobody", "gpt-4o", LATE, MILLION)).isNull();
		assertThat(cost("openai", "x".repeat(10_000), LATE, MILLION)).isNull();
		Instant cut = Instant.parse("2026-10-07T00:00:00Z");
		TokenUsage cached = new TokenUsage(1_000_000, 0, 1_000_000, 0, 0);
		assertThat(cost("anthropic", "claude-sonnet-5-5", cut.minusMillis(1), cached)).isEqualByComparingTo("0.2");
		assertThat(cost("anthropic", "claude-sonnet-5-5", cut, cached)).isEqualByComparingTo("0.1");
		JsonNode shipped = json(get("/api/prices?provider=gemini&model=gemini-2.5-pro"));
		assertThat(shipped.path("total").asInt()).isEqualTo(1);
		assertThat(shipped.path("items").path(0).path("id").isNull()).isTrue();
		assertThat(shipped.path("items").path(0).path("source").asString()).contains("ai.google.dev");
	}

	@Test
	void countsExactlyEachTokenAtItsPrice() {
		createPrice("""
				{"provider": "openai", "model": "exact", "input": 0.0003, "cachedInput": 0.0001, "cacheWrite": 0.0007,
				 "output": 1.1111, "reasoning": 2.2222}""");
		assertThat(cost("openai", "exact", LATE, new TokenUsage(10, 7, 3, 2, 5)))
			.isEqualTo(new BigDecimal("0.0000133364"));
		createPrice("{\"provider\": \"openai\", \"model\": \"plain\", \"input\": 3, \"output\": 7}");
		assertThat(cost("openai", "plain", LATE, new TokenUsage(10, 4, 3, 2, 4)))
			.isEqualTo(new BigDecimal("0.0000580000"));
		createPrice("{\"provider\": \"openai\", \"model\": \"single\", \"input\": 1}");
		assertThat(cost("openai", "single", LATE, new TokenUsage(1, 1, 0, 0, 0)))
			.isEqualTo(new BigDecimal("0.0000020000"));
		assertThat(cost("openai", "single", LATE, new TokenUsage(Long.MAX_VALUE, 1, 0, 0, 0))).isNull();
	}

	@Test
	void keepsThePriceOfOldRequests() {
		createPrice("{\"provider\": \"openai\", \"model\": \"gpt-4o\", \"validFrom\": \"2026-01-16\", \"input\": 9}");
		assertThat(cost("openai", "gpt-4o", EARLY, MILLION)).isEqualByComparingTo("2.5");
		assertThat(cost("openai", "gpt-4o", LATE, MILLION)).isEqualByComparingTo("9");
		assertThat(cost("openai", "gpt-4o-2024-11-20", LATE, MILLION)).isEqualByComparingTo("9");
		createPrice("{\"provider\": \"openai\", \"model\": \"gpt-4o*\", \"validFrom\": \"2026-01-01\", \"input\": 8}");
		assertThat(cost("openai", "gpt-4o", EARLY, MILLION)).isEqualByComparingTo("8");
		assertThat(cost("openai", "gpt-4o", LATE, MILLION)).isEqualByComparingTo("9");
		assertThat(cost("openai", "gpt-4o-mini", LATE, MILLION)).isEqualByComparingTo("8");
		createPrice("{\"provider\": \"openai\", \"model\": \"gpt-4o-m*\", \"input\": 7}");
		assertThat(cost("openai", "gpt-4o-mini", LATE, MILLION)).isEqualByComparingTo("7");
		createPrice("{\"provider\": \"openai\", \"model\": \"gpt-4o\", \"validFrom\": \"2026-02-01\", \"input\": 10}");
		assertThat(cost("openai", "gpt-4o", LATE, MILLION)).isEqualByComparingTo("9");
	}

	@Test
	void changesAndDeletesWhatAnOperatorHasSet() {
		JsonNode price = createPrice("{\"provider\": \"openai\", \"model\": \"mine\", \"input\": 1.50, \"output\": 2}");
		String path = "/api/prices/" + price.path("id").asLong();
		assertThat(price.path("input").decimalValue()).isEqualTo(new BigDecimal("1.5"));
		assertThat(price.path("shipped").asBoolean()).isFalse();
		get(path).expectStatus().isOk().expectHeader().valueEquals(HttpHeaders.ETAG, "\"1\"");
		patch(path, "{\"input\": 1.25, \"output\": null}").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals(HttpHeaders.ETAG, "\"2\"");
		patch(path, "{\"input\": 1.250}").expectStatus().isOk().expectHeader().valueEquals(HttpHeaders.ETAG, "\"2\"");
		assertThat(cost("openai", "mine", LATE, new TokenUsage(0, 1_000_000, 0, 0, 0))).isEqualByComparingTo("1.25");
		expectProblem(this.client.patch()
			.uri(path)
			.header(HttpHeaders.IF_MATCH, "\"1\"")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"input\": 3}")
			.exchange(), 409);
		createPrice("{\"provider\": \"openai\", \"model\": \"other\", \"input\": 1}");
		expectProblem(post("/api/prices", "{\"provider\": \"openai\", \"model\": \"other\", \"input\": 4}"), 409);
		expectProblem(patch(path, "{\"model\": \"other\"}"), 409);
		expectProblem(get("/api/prices/0"), 404);
		expectProblem(patch("/api/prices/0", "{}"), 404);
		JsonNode first = json(get("/api/prices?size=2"));
		assertThat(first.path("items").path(0).path("model").asString()).isEqualTo("mine");
		assertThat(first.path("total").asInt()).isGreaterThan(50);
		this.client.delete().uri(path).exchange().expectStatus().isNoContent();
		assertThat(cost("openai", "mine", LATE, MILLION)).isNull();
		JsonNode audit = json(get("/api/audit?target={target}", "openai mine 1970-01-01"));
		assertThat(audit.path("items").valueStream().map((entry) -> entry.path("action").asString()))
			.containsExactly("price.delete", "price.update", "price.create");
		assertThat(json(get("/api/nodes")).path("items").path(0).path("revisions").propertyNames()).contains("prices");
	}

	@Test
	void refusesWhatIsNoPrice() {
		expectProblem(post("/api/prices",
				"{\"provider\": \"acme\", \"model\": \"a b\", \"validFrom\": \"0000-01-01\", \"input\": -1,"
						+ " \"output\": 0.00001, \"reasoning\": 1e99, \"source\": \"\\u0000\"}"),
				400)
			.jsonPath("$.errors[*].field")
			.value((fields) -> assertThat(fields)
				.hasToString("[\"provider\",\"model\",\"validFrom\",\"input\",\"output\",\"reasoning\",\"source\"]"));
		expectProblem(post("/api/prices", "{}"), 400).jsonPath("$.errors.length()").isEqualTo(3);
		expectProblem(post("/api/prices",
				"{\"provider\": \"openai\", \"model\": \"m\", \"input\": 1, \"validFrom\": \"today\"}"), 400)
			.jsonPath("$.errors[0].message")
			.isEqualTo("'today' (expected: a day such as 2030-01-31)");
		expectProblem(post("/api/prices", "{\"provider\": \"openai\", \"model\": \"m\", \"price\": 1}"), 400);
		expectProblem(post("/api/prices", "{\"provider\": \"openai\", \"model\": \"m\", \"input\": -1e999999999}"),
				400);
		expectProblem(post("/api/prices", "{\"provider\": \"openai\", \"model\": \"m\", \"input\": 1e-999999999}"),
				400);
		expectProblem(post("/api/prices", "{\"provider\": \"openai\", \"model\": \"m\", \"input\": \"1\"}"), 400);
		expectProblem(post("/api/prices", "[]"), 400);
		expectProblem(get("/api/prices?size=0"), 400);
		this.client.mutate()
			.defaultHeaders(HttpHeaders::clear)
			.build()
			.get()
			.uri("/api/prices")
			.exchange()
			.expectStatus()
			.isUnauthorized();
	}

	@Test
	void travelsWithTheConfiguration() {
		createPrice("{\"provider\": \"openai\", \"model\": \"mine\", \"input\": 1.5, \"source\": \"contract: 7\"}");
		createPrice("{\"provider\": \"gemini\", \"model\": \"g*\", \"input\": 2, \"validFrom\": \"2026-01-16\"}");
		for (String format : new String[] { "json", "yaml" }) {
			String exported = text(get("/api/export?format=" + format));
			deletePrices();
			assertThat(cost("openai", "mine", LATE, MILLION)).isNull();
			JsonNode rehearsed = json(importText(exported, "?dryRun=true"));
			assertThat(rehearsed.path("changes").valueStream().map((change) -> change.path("action").asString()))
				.containsExactly("price.create", "price.create");
			assertThat(cost("openai", "mine", LATE, MILLION)).isNull();
			importText(exported, "").expectStatus().isOk();
			assertThat(cost("openai", "mine", LATE, MILLION)).isEqualByComparingTo("1.5");
			assertThat(text(get("/api/export?format=" + format))).isEqualTo(exported);
			assertThat(json(importText(exported, "?prune=true")).path("changes")).isEmpty();
		}
		assertThat(json(importText("{\"groups\": []}", "?prune=true")).path("changes")).isEmpty();
		JsonNode pruned = json(
				importText("prices: [{provider: openai, model: mine, input: 1.75}]", "?prune=true&dryRun=true"));
		assertThat(pruned.path("changes").path(0).path("fields").path("input").path("after").decimalValue())
			.isEqualTo(new BigDecimal("1.75"));
		assertThat(pruned.path("changes").path(1).path("action").asString()).isEqualTo("price.delete");
		expectProblem(importText("prices: [{provider: openai, model: mine, input: -1}]", ""), 400)
			.jsonPath("$.errors[0].field")
			.isEqualTo("prices[0].input");
	}

	private WebTestClient.ResponseSpec importText(String text, String query) {
		return this.client.post()
			.uri("/api/import" + query)
			.contentType(
					text.startsWith("{") ? MediaType.APPLICATION_JSON : MediaType.parseMediaType("application/yaml"))
			.bodyValue(text)
			.exchange();
	}

	private JsonNode createPrice(String body) {
		return json(post("/api/prices", body).expectStatus().isCreated());
	}

	private @Nullable BigDecimal cost(String provider, String model, Instant at, TokenUsage tokens) {
		return this.prices.cost(provider, model, at, tokens);
	}

}
