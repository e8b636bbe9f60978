package io.keymux.gateway.gptload;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a database of gpt-load becomes, whatever the database. */
abstract class GptLoadImportContract {

	/** Whatever must never be told. */
	private static final List<String> SECRETS = List.of(SampleDatabase.PASSPHRASE, SampleDatabase.OPENED,
			SampleDatabase.SEALED, SampleDatabase.SEALED_HASH, "sk-plain", "sk-sealed", "global-access",
			"shared-access", "team-access", "proxy-password", "upstream-password", "header-secret", "shorty");

	private final List<ObjectNode> applied = new ArrayList<>();

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	abstract SampleDatabase create(String name) throws SQLException;

	/** DSN of a database that was created, as gpt-load has it. */
	abstract String dsn(String name) throws SQLException;

	@Test
	void becomesOneDocument() throws SQLException {
		try (SampleDatabase database = create("plain")) {
			fill(database);
			assertThat(run(dsn("plain"), Map.of(), "--dry-run")).isZero();
		}
		assertThat(this.applied).containsExactly(JsonColumn.MAPPER.readValue("""
				{
				  "settings": {
				    "response-timeout": "300s",
				    "max-attempts": "6",
				    "retry-on": "400-403,405-599,connect,timeout",
				    "probe-interval": "60m",
				    "egress-proxy": "http://user:proxy-password@proxy.example:80",
				    "record-request-body": "true",
				    "record-retention": "3650d"
				  },
				  "groups": [
				    {
				      "name": "everything", "provider": "openai",
				      "settings": { "max-attempts": "1", "retry-on": "429,500-599,connect,timeout" },
				      "members": [ { "group": "team", "weight": 3 } ]
				    },
				    {
				      "name": "claude", "displayName": "Claude", "provider": "anthropic",
				      "upstreams": [ { "url": "https://api.anthropic.com", "weight": 1 } ],
				      "probe": { "model": "claude-haiku-4-5", "path": "/v1/messages" },
				      "keys": [ { "key": "sk-plain-ant-0001", "weight": 1, "enabled": true } ]
				    },
				    {
				      "name": "team", "displayName": "The team", "description": "Chat for the team",
				      "provider": "openai",
				      "upstreams": [
				        { "url": "https://relay.example/openai", "weight": 3 },
				        { "url": "https://api.openai.com", "weight": 0 }
				      ],
				      "settings": { "connect-timeout": "5s", "max-attempts": "1",
				        "retry-on": "429,500-599,connect,timeout", "egress-proxy": "" },
				      "headerRules": [
				        { "action": "set", "name": "X-Caller", "value": "${CLIENT_IP} header-secret" },
				        { "action": "remove", "name": "User-Agent" }
				      ],
				      "bodyOverrides": { "temperature": 0.70, "stream_options": { "include_usage": true } },
				      "modelAliases": { "gpt-4": "gpt-4.1" },
				      "strictModels": true,
				      "probe": { "model": "gpt-4.1-nano" },
				      "keys": [
				        { "key": "sk-plain-0001", "weight": 1, "note": "first of the team", "enabled": true },
				        { "key": "sk-plain-0002", "weight": 1, "enabled": true }
				      ]
				    }
				  ],
				  "accessKeys": [
				    { "name": "gpt-load-f4bd35", "groups": [], "key": "global-access-key-01" },
				    { "name": "gpt-load-06175f", "groups": [], "key": "shared-access-key-01" },
				    { "name": "gpt-load-de30ff", "groups": ["everything", "team"], "key": "team-access-key-0001" }
				  ]
				}""", ObjectNode.class));
	}

	@Test
	void listsWhateverIsNotMovedAndNoSecret() throws SQLException {
		try (SampleDatabase database = create("listed")) {
			fill(database);
			run(dsn("listed"), Map.of());
		}
		assertThat(told()).isEqualToNormalizingNewlines(
				"""
						Read from gpt-load: 3 groups, 3 provider keys, 3 access keys, 7 system settings.

						Moved, but not as it was (4):
						  system settings: request_log_retention_days 0 became record-retention 3650d: Keymux keeps no records for ever
						  group 'team', upstream 1: user and password were taken off its URL: Keymux sends no others than the \
						provider key; a header rule can set Authorization
						  group 'team', override of 'stream_options': it is merged into the caller's object: gpt-load puts it in the \
						place of the caller's object (RFC 7386)
						  group 'team': 1 invalid provider key: moved like active ones, because Keymux judges keys itself: one that \
						the provider still rejects is ejected by traffic and probed until it works

						Not moved (13):
						  system settings: app_url: set KEYMUX_PROXY_PUBLIC_URL if answers must carry another URL than the one callers use
						  system settings: max_idle_conns: Keymux keeps its connection pools itself
						  system settings: 'newer_setting': gpt-load 1.4 has no such setting
						  group 'team', upstream 3: its URL: expected: an absolute http or https URL with a valid host name, which \
						has no underscore
						  group 'team': idle_conn_timeout: Keymux keeps its connection pools itself
						  group 'team', header rule 3: 'X-Key-Id': its value has a variable gpt-load does not know and sends as text, \
						which Keymux cannot (expected: one of ${API_KEY}, ${CLIENT_IP}, ${GROUP_NAME}, ${TIMESTAMP_MS}, ${TIMESTAMP_S})
						  group 'team': 1 repeated provider key: the group has the same key already
						  group 'everything': sub-group 'claude': its provider is another one
						  group 'everything': param_overrides: gpt-load uses that of the sub-group that serves, never the aggregate's
						  group 9, which does not exist: 1 provider key: no group is moved that could hold them
						  system settings: proxy key 3: 6 characters (expected: 16 to 512 visible ASCII characters without white \
						space); give its callers a new access key
						  table request_logs: what it holds: Keymux keeps records of its own requests only
						  provider keys: how often and when each was used, and its failures: Keymux counts anew

						applied
						""");
		assertThat(told()).doesNotContain(SECRETS);
	}

	@Test
	void cannotWriteToTheDatabase() throws SQLException {
		try (SampleDatabase database = create("reading")) {
			database.group(1, "team", Map.of());
			try (Connection connection = Dsn.parse(dsn("reading")).open();
					Statement statement = connection.createStatement()) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.executeUpdate("update `groups` set name = 'other'"));
			}
		}
	}

	@Test
	void opensEncryptedKeys() throws SQLException, GeneralSecurityException {
		try (SampleDatabase database = create("sealed")) {
			database.group(1, "team", Map.of());
			database.key(1, SampleDatabase.SEALED, SampleDatabase.SEALED_HASH, "active", "");
			database.sealedKey(1, SampleDatabase.PASSPHRASE, "sk-sealed-0002");
			run(dsn("sealed"), Map.of("GPT_LOAD_ENCRYPTION_KEY", SampleDatabase.PASSPHRASE));
		}
		assertThat(
				this.applied.getFirst().at("/groups/0/keys").valueStream().map((key) -> key.get("key").stringValue()))
			.containsExactly(SampleDatabase.OPENED, "sk-sealed-0002");
		assertThat(told()).doesNotContain(SECRETS);
	}

	static void fill(SampleDatabase database) throws SQLException {
		settings(database);
		database.group(1, "team", Map.ofEntries(Map.entry("display_name", "The team"),
				Map.entry("description", "Chat for the team"), Map.entry("sort", 2),
				Map.entry("proxy_keys", "team-access-key-0001,shared-access-key-01"), Map.entry("upstreams", """
						[{"url":"https://user:upstream-password@relay.example/openai/","weight":3},
						{"url":"https://api.openai.com","weight":0},
						{"url":"http://one_relay:3000","weight":1}]"""), Map.entry("config", """
						{"connect_timeout":5,"max_retries":0,"failover_status_codes":"429, 500-999","proxy_url":"",
						"idle_conn_timeout":30,"blacklist_threshold":null}"""), Map.entry("header_rules", """
						[{"key":"X-Caller","value":"${CLIENT_IP} header-secret","action":"set"},
						{"key":"User-Agent","value":"","action":"remove"},
						{"key":"X-Key-Id","value":"${API_KEY_ID} header-secret","action":"set"}]"""),
				Map.entry("param_overrides", "{\"temperature\":0.70,\"stream_options\":{\"include_usage\":true}}"),
				Map.entry("model_redirect_rules", "{\"gpt-4\":\"gpt-4.1\"}"), Map.entry("model_redirect_strict", 1)));
		database.group(2, "everything", Map.of("group_type", "aggregate", "upstreams", "[]", "test_model", "-",
				"proxy_keys", "team-access-key-0001", "header_rules", "[]", "param_overrides", "{\"top_p\":1}"));
		database.group(3, "claude",
				Map.of("display_name", "Claude", "channel_type", "anthropic", "upstreams",
						"[{\"url\":\"https://api.anthropic.com\",\"weight\":1}]", "test_model", "claude-haiku-4-5",
						"validation_endpoint", "/v1/messages", "sort", 1));
		database.member(2, 1, 3);
		database.member(2, 3, 1);
		database.plainKey(1, "sk-plain-0001", "active", "first of the team");
		database.plainKey(1, "sk-plain-0002", "invalid", "");
		database.plainKey(1, "sk-plain-0001", "active", "once more");
		database.plainKey(3, "sk-plain-ant-0001", "active", "");
		database.plainKey(9, "sk-plain-of-nobody", "active", "");
		database.run("insert into request_logs (id, `timestamp`, group_id) values ('one', '2026-01-01 00:00:00', 1)");
	}

	private static void settings(SampleDatabase database) throws SQLException {
		database.setting("app_url", "https://gateway.example");
		database.setting("proxy_keys", "global-access-key-01, shared-access-key-01,shorty,,global-access-key-01");
		database.setting("request_log_retention_days", "0");
		database.setting("request_log_write_interval_minutes", "1");
		database.setting("enable_request_body_logging", "true");
		database.setting("request_timeout", "600");
		database.setting("connect_timeout", "15");
		database.setting("response_header_timeout", "300");
		database.setting("max_retries", "5");
		database.setting("proxy_url", "http://user:proxy-password@proxy.example");
		database.setting("failover_status_codes", "400-403,405-999");
		database.setting("key_validation_interval_minutes", "60");
		database.setting("max_idle_conns", "200");
		database.setting("newer_setting", "some-shorthand");
	}

	private int run(String dsn, Map<String, String> environment, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--dsn", dsn));
		all.addAll(List.of(arguments));
		return new GptLoadCommand((document, dryRun) -> {
			this.applied.add(document);
			return List.of(dryRun ? "dry run" : "applied");
		}).run(all, environment, new PrintStream(this.output, true, StandardCharsets.UTF_8));
	}

	private String told() {
		return this.output.toString(StandardCharsets.UTF_8);
	}

}
