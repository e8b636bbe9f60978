package io.keymux.gateway.management;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.keymux.gateway.access.Callers;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupStore;
import io.keymux.gateway.key.KeyState;
import io.keymux.gateway.key.KeyStatus;
import io.keymux.gateway.key.KeysChanged;
import io.keymux.gateway.key.ProviderKeyStore;
import io.keymux.gateway.setting.Setting;
import io.keymux.gateway.testkit.Await;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/** A management API over HTTP, with an empty database before each test. */
@AutoConfigureWebTestClient(timeout = "60s")
@ExtendWith(OutputCaptureExtension.class)
@Import({ NoticeThreads.class, BrokenJob.class })
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "keymux.admin-key=" + ManagementContract.ADMIN_KEY, "management.server.port=0",
				"keymux.encryption-key=correct horse battery staple" })
abstract class ManagementContract {

	static final String ADMIN_KEY = "an-admin-key-for-tests";

	/** Takes every system setting back. */
	private static final String NO_SETTINGS = Arrays.stream(Setting.values())
		.map((setting) -> "\"%s\": null".formatted(setting.key()))
		.collect(Collectors.joining(", ", "{", "}"));

	/** How long a test waits for a task, on a machine that does other things as well. */
	private static final Duration TASK = Duration.ofSeconds(60);

	@LocalServerPort
	int port;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	WebTestClient client;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	GroupStore groupStore;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	ProviderKeyStore keyStore;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	Callers callers;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	JdbcClient jdbc;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	NoticeThreads noticeThreads;

	@Autowired
	@SuppressWarnings("NullAway.Init") // injected
	ApplicationEventPublisher publisher;

	@BeforeEach
	void authenticateAndClear() {
		this.client = this.client.mutate().defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + ADMIN_KEY).build();
		this.jdbc.sql("delete from keymux_member").update();
		this.jdbc.sql("delete from keymux_group").update();
		this.jdbc.sql("delete from keymux_access_key").update();
		this.client.patch()
			.uri("/api/settings")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(NO_SETTINGS)
			.exchange()
			.expectStatus()
			.isOk();
		this.jdbc.sql("delete from keymux_audit").update();
	}

	/**
	 * Stores states; pools take them as after a restart, when all their keys are new to
	 * them.
	 */
	void learn(String group, Map<Long, KeyState> states) {
		this.keyStore.writeStates(states);
		createGroup("aside");
		long groupId = groupId(group);
		long aside = groupId("aside");
		moveKeys(groupId, aside);
		this.publisher.publishEvent(new KeysChanged(groupId, Set.of(), 0));
		moveKeys(aside, groupId);
		this.publisher.publishEvent(new KeysChanged(groupId, Set.of(), 0));
	}

	void moveKeys(long from, long to) {
		this.jdbc.sql("update keymux_provider_key set group_id = ? where group_id = ?").params(to, from).update();
	}

	long keyId(String group, String secret) {
		JsonNode items = json(get("/api/groups/%s/keys?key={key}".formatted(group), secret)).path("items");
		assertThat(items).hasSize(1);
		return items.path(0).path("id").asLong();
	}

	int total(String uri, Object... variables) {
		return json(get(uri, variables)).path("total").asInt();
	}

	long groupId(String name) {
		return this.groupStore.readAll()
			.groups()
			.stream()
			.filter((group) -> group.name().equals(name))
			.mapToLong(Group::id)
			.sum();
	}

	/** Waits until the task an answer tells of has ended, and answers it. */
	JsonNode ended(WebTestClient.ResponseSpec started) {
		EntityExchangeResult<String> answer = started.expectStatus()
			.isAccepted()
			.expectBody(String.class)
			.returnResult();
		String location = String.valueOf(answer.getResponseHeaders().getLocation());
		Await.until("end of " + location, TASK, () -> !json(get(location)).path("state").asString().equals("running"));
		return json(get(location));
	}

	void createGroup(String name) {
		post("/api/groups", group(name)).expectStatus().isCreated();
	}

	WebTestClient.ResponseSpec get(String uri, Object... variables) {
		return this.client.get().uri(uri, variables).exchange();
	}

	WebTestClient.ResponseSpec post(String uri, String json) {
		return send(HttpMethod.POST, uri, json);
	}

	WebTestClient.ResponseSpec patch(String uri, String json) {
		return send(HttpMethod.PATCH, uri, json);
	}

	WebTestClient.ResponseSpec send(HttpMethod method, String uri, String json) {
		return this.client.method(method).uri(uri).contentType(MediaType.APPLICATION_JSON).bodyValue(json).exchange();
	}

	static WebTestClient.BodyContentSpec expectProblem(WebTestClient.ResponseSpec answer, int status) {
		return answer.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status);
	}

	static JsonNode json(WebTestClient.ResponseSpec answer) {
		return JsonMapper.shared().readTree(text(answer));
	}

	static String text(WebTestClient.ResponseSpec answer) {
		@Nullable String body = answer.expectBody(String.class).returnResult().getResponseBody();
		return Objects.requireNonNull(body);
	}

	static KeyState state(KeyStatus status) {
		return new KeyState(status, 0, null, null, null, 0);
	}

	static String group(String name) {
		return "{\"name\": \"%s\", \"provider\": \"openai\", \"upstreams\": [{\"url\": \"https://api.example\"}]}"
			.formatted(name);
	}

	static final String FULL_GROUP = """
			{"name": "chat", "displayName": "Chat ☕", "description": "for everyone", "provider": "openai",
			 "enabled": true, "upstreams": [{"url": "https://one.example/base", "weight": 3},
			 {"url": "http://two.example:8080", "weight": 0}], "settings": {"max-attempts": "2"},
			 "headerRules": [{"action": "set", "name": "X-Client", "value": "${CLIENT_IP}"},
			 {"action": "remove", "name": "OpenAI-Organization"}], "bodyOverrides": {"user": "keymux", "stop": null},
			 "modelAliases": {"best": "gpt-5"}, "strictModels": true,
			 "probe": {"model": "gpt-5-nano", "path": "/v1/models"}, "members": []}""";

}
