package io.keymux.gateway.gptload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.setting.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What becomes of values gpt-load takes and Keymux does not. */
class MoveTests {

	private final Map<String, String> settings = new LinkedHashMap<>();

	private final List<Source.Group> groups = new ArrayList<>();

	private final List<Source.Member> members = new ArrayList<>();

	private final List<Source.Key> keys = new ArrayList<>();

	@Test
	void namesGroupsSoThatKeymuxAcceptsThemAndNoneTakesAnothersName() {
		group(1, "_Legacy.Group", Map.of());
		group(2, "legacy-group", Map.of());
		group(3, "a".repeat(100), Map.of());
		group(4, "a".repeat(63) + "b", Map.of());
		group(5, "__", Map.of());
		Move move = move();
		assertThat(move.document().get("groups").valueStream().map((group) -> group.get("name").stringValue()))
			.containsExactly("legacy-group-2", "legacy-group", "a".repeat(63), "a".repeat(61) + "-2", "group-5");
		assertThat(told(move))
			.contains("group '_Legacy.Group': the name became 'legacy-group-2': Keymux wants "
					+ "[a-z0-9][a-z0-9_-]{0,62}; its callers must use /proxy/legacy-group-2/…")
			.hasSize(4);
	}

	@ParameterizedTest
	@CsvSource({ "CONNECT_TIMEOUT, connect_timeout, 1, 1s, 301, 5m", "MAX_ATTEMPTS, max_retries, 0, 1, 100, 100",
			"EJECTION_THRESHOLD, blacklist_threshold, 0, 0, 1001, 1000",
			"PROBE_INTERVAL, key_validation_interval_minutes, 2, 2m, 61, 60m",
			"PROBE_CONCURRENCY, key_validation_concurrency, 1, 1, 1001, 1000",
			"PROBE_TIMEOUT, key_validation_timeout_seconds, 1, 1s, 601, 10m",
			"RESPONSE_TIMEOUT, response_header_timeout, 1, 1s, 86401, 24h",
			"RECORD_RETENTION, request_log_retention_days, 1, 1d, 9223372036854775807, 3650d" })
	void keepsNumbersWithinTheBoundsOfTheSetting(Setting setting, String theirs, String small, String smallest,
			String large, String largest) {
		this.settings.put("request_timeout", "100000");
		this.settings.put(theirs, small);
		assertThat(setting.parse(setting(setting))).isEqualTo(setting.parse(smallest));
		assertThat(told(move())).noneMatch((finding) -> finding.contains(theirs + " " + small));
		this.settings.put(theirs, large);
		assertThat(setting.parse(setting(setting))).isEqualTo(setting.parse(largest));
		assertThat(told(move())).anyMatch((finding) -> finding.contains("%s %s became".formatted(theirs, large)));
		NumberRule.OTHERS.stream()
			.filter((rule) -> rule.ours() == setting)
			.forEach((rule) -> assertThatIllegalArgumentException()
				.isThrownBy(() -> setting.parse((rule.max() + 1) + rule.unit())));
	}

	@Test
	void leavesSettingsAtTheirDefaultOutAndFillsMissingOnesWithThoseOfGptLoad() {
		assertThat(move().document().get("settings")).isEqualTo(JsonColumn.MAPPER.createObjectNode()
			.put("retry-on", "400-403,405-599,connect,timeout")
			.put("probe-interval", "60m"));
		this.settings.putAll(
				Map.of("max_retries", "3", "blacklist_threshold", "3", "proxy_url", "", "enable_request_body_logging",
						"false", "request_log_retention_days", "7", "idle_conn_timeout", "120", "failover_status_codes",
						"", "key_validation_interval_minutes", "60", "app_url", "http://localhost:3001"));
		assertThat(move().document().get("settings")).isEqualTo(
				JsonColumn.MAPPER.createObjectNode().put("retry-on", "connect,timeout").put("probe-interval", "60m"));
		assertThat(told(move())).isEmpty();
	}

	@Test
	void listsSettingsThatCannotBeRead() {
		this.settings.putAll(Map.of("max_retries", "secret", "failover_status_codes", "secret", "proxy_url",
				"socks4://secret@proxy:1", "enable_request_body_logging", "secret", "response_header_timeout", "1.5"));
		Move move = move();
		assertThat(move.document().get("settings")).hasSize(1);
		assertThat(told(move)).hasSize(5).noneMatch((finding) -> finding.contains("secret"));
	}

	@ParameterizedTest
	@CsvSource({ "http://proxy, http://proxy:80", "https://u:p@proxy/, https://u:p@proxy:443",
			"SOCKS5://[::1], socks5://[::1]:1080", "http://proxy:3128, http://proxy:3128" })
	void givesAProxyThePortThatItsSchemeMeans(String theirs, String ours) {
		this.settings.put("proxy_url", theirs);
		assertThat(setting(Setting.EGRESS_PROXY)).isEqualTo(ours);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			"429, 500-502", "429,500-502,connect,timeout"
			"200-299,399-401", "400-401,connect,timeout"
			"400,599-700,600", "400,599,connect,timeout"
			"404\n405", "404,405,connect,timeout"
			""")
	void translatesFailoverCodes(String theirs, String ours) {
		this.settings.put("failover_status_codes", theirs);
		assertThat(setting(Setting.RETRY_ON)).isEqualTo(ours);
	}

	@Test
	void makesTheShorterOfTwoTimeoutsTheTimeUntilTheHead() {
		this.settings.putAll(Map.of("request_timeout", "120", "response_header_timeout", "600"));
		group(1, "slow", Map.of("config", "{\"request_timeout\":1200}"));
		group(2, "same", Map.of("config", "{\"request_timeout\":120}"));
		group(3, "fast", Map.of("config", "{\"response_header_timeout\":30}"));
		Move move = move();
		assertThat(setting(Setting.RESPONSE_TIMEOUT)).isEqualTo("120s");
		assertThat(move.document().at("/groups/0/settings/response-timeout").stringValue()).isEqualTo("600s");
		assertThat(move.document().at("/groups/1").has("settings")).isFalse();
		assertThat(move.document().at("/groups/2/settings/response-timeout").stringValue()).isEqualTo("30s");
		assertThat(told(move)).extracting((finding) -> finding.substring(0, finding.lastIndexOf(": ")))
			.containsExactly("system settings: request_timeout 120 became response-timeout 120s",
					"group 'slow': request_timeout 1200",
					"group 'same': request_timeout 120 became response-timeout 120s");
	}

	@Test
	void keepsAGroupsSettingThatUndoesTheSystems() {
		this.settings.putAll(Map.of("max_retries", "9", "proxy_url", "http://proxy:3128"));
		group(1, "team", Map.of("config",
				"{\"max_retries\":3.0,\"proxy_url\":\"\",\"max_idle_conns\":null,\"x\":1,\"enable_request_body_logging\":true}"));
		Move move = move();
		assertThat(move.document().at("/groups/0/settings")).isEqualTo(JsonColumn.MAPPER.createObjectNode()
			.put("max-attempts", "4")
			.put("egress-proxy", "")
			.put("record-request-body", "true"));
		assertThat(told(move)).containsExactly("group 'team': 'x': gpt-load 1.4 has no such setting");
	}

	@Test
	void keepsTheSharesOfWeightsItHasToScale() {
		group(1, "team", Map.of("upstreams", """
				[{"url":"https://a","weight":4000},{"url":"https://b","weight":1000},{"url":"https://c","weight":1},
				{"url":"https://d","weight":0},{"url":"https://e","weight":-1}]"""));
		Move move = move();
		assertThat(move.document().at("/groups/0/upstreams").valueStream().map((node) -> node.get("weight").intValue()))
			.containsExactly(1000, 250, 1, 0, 0);
		assertThat(told(move)).singleElement().asString().contains("weights were scaled");
	}

	@Test
	void disablesWhatServedNothing() {
		group(1, "idle", Map.of("upstreams", "[{\"url\":\"https://a\",\"weight\":0}]"));
		group(2, "all", Map.of("group_type", "aggregate"));
		member(2, 1, 0);
		Move move = move();
		assertThat(move.document().at("/groups/0/enabled").booleanValue(true)).isFalse();
		assertThat(move.document().at("/groups/0/upstreams/0/weight").intValue()).isEqualTo(1);
		assertThat(move.document().at("/groups/1/enabled").booleanValue(true)).isFalse();
		assertThat(move.document().at("/groups/1/members/0/weight").intValue()).isEqualTo(1);
		assertThat(told(move)).hasSize(2).allMatch((finding) -> finding.contains("became disabled"));
	}

	@Test
	void takesOffWhatABaseUrlMayNotHave() {
		group(1, "team", Map.of("upstreams",
				"""
						[{"url":" HTTPS://Api.Example:8443/base/v1// ","weight":1},{"url":"https://u:secret@a/x?key=secret","weight":1},
						{"url":"https://under_score:secret","weight":1},{"url":"ftp://secret","weight":1},{"url":"::secret","weight":1},
						"secret"]"""));
		Move move = move();
		assertThat(move.document().at("/groups/0/upstreams").valueStream().map((node) -> node.get("url").stringValue()))
			.containsExactly("HTTPS://Api.Example:8443/base/v1", "https://a/x");
		assertThat(told(move)).hasSize(6).noneMatch((finding) -> finding.contains("secret"));
	}

	@Test
	void leavesGroupsOutThatCannotServeAndTellsWhatHangsOnThem() {
		group(1, "azure", Map.of("channel_type", "azure", "proxy_keys", "access-of-azure-0001"));
		group(2, "nowhere", Map.of("upstreams", "no json", "proxy_keys", "access-of-both-00001"));
		group(3, "all", Map.of("group_type", "aggregate", "proxy_keys", "access-of-all-000001"));
		group(4, "good", Map.of("proxy_keys", "access-of-both-00001"));
		group(5, "nested", Map.of("group_type", "aggregate"));
		member(3, 2, 1);
		member(3, 77, 1);
		member(5, 3, 1);
		member(5, 4, 1);
		member(5, 4, 1);
		key(1, 2, "sk-plain");
		Move move = move();
		assertThat(move.document().get("groups").valueStream().map((group) -> group.get("name").stringValue()))
			.containsExactly("good", "nested");
		assertThat(move.document().get("accessKeys")).singleElement()
			.extracting((key) -> key.get("groups").toString(), (key) -> key.get("key").stringValue())
			.containsExactly("[\"good\"]", "access-of-both-00001");
		assertThat(told(move)).contains("group 'nowhere': upstreams: it is no JSON list",
				"group 'nowhere': the group: it has no upstream that can be moved",
				"group 'all': sub-group 'nowhere': that group is not moved",
				"group 'all': sub-group 77: there is no such group",
				"group 'all': the group: it is an aggregate without sub-groups that can be moved",
				"group 'nested': sub-group 'all': it is an aggregate itself",
				"group 'nested': sub-group 'good': it is named twice",
				"group 'nowhere': 1 provider key: no group is moved that could hold them");
		assertThat(told(move)).filteredOn((finding) -> finding.contains("proxy key")).hasSize(3);
	}

	@Test
	void leavesHeaderRulesOutThatKeymuxRefuses() {
		group(1, "team", Map.of("header_rules",
				"""
						[{"key":"Host","value":"secret","action":"set"},{"key":"Bad Name","value":"secret","action":"set"},
						{"key":"X-A","value":"line\\nsecret","action":"set"},{"key":"X-B","value":"secret ${GROUP_ID}","action":"set"},
						{"key":"X-C","value":"secret ${","action":"set"},{"key":"X-D","value":"${REQUEST_ID}","action":"set"},
						{"key":"X-E","value":"secret","action":"append"},{"key":"X-F","value":"","action":"set"},
						{"key":"X-G","value":"${API_KEY} ${GROUP_NAME} ${TIMESTAMP_MS} ${TIMESTAMP_S} ${CLIENT_IP}","action":"set"}]"""));
		Move move = move();
		assertThat(
				move.document().at("/groups/0/headerRules").valueStream().map((rule) -> rule.get("name").stringValue()))
			.containsExactly("X-F", "X-G");
		assertThat(told(move)).hasSize(7).noneMatch((finding) -> finding.contains("secret"));
	}

	@Test
	void tellsWhereRulesMeanSomethingElse() {
		group(1, "team", Map.of("param_overrides", "{\"stop\":null,\"metadata\":{\"a\":1},\"model\":\"m\"}",
				"model_redirect_rules", "{\"a\":\"b\",\" \":\"c\",\"d\":5}", "model_redirect_strict", "1"));
		group(2, "open", Map.of("model_redirect_rules", "{}", "model_redirect_strict", "true"));
		group(3, "odd", Map.of("model_redirect_rules", "[]", "param_overrides", "7", "header_rules", "{}", "config",
				"no", "model_redirect_strict", "0"));
		Move move = move();
		assertThat(move.document().at("/groups/0/bodyOverrides"))
			.isEqualTo(JsonColumn.MAPPER.readTree("{\"stop\":null,\"metadata\":{\"a\":1},\"model\":\"m\"}"));
		assertThat(move.document().at("/groups/0/modelAliases")).isEqualTo(object("a", "b"));
		assertThat(move.document().at("/groups/0/strictModels").booleanValue(false)).isTrue();
		assertThat(move.document().at("/groups/1").has("strictModels")).isFalse();
		assertThat(told(move)).hasSize(10)
			.contains("group 'team', override of 'model': it wins over the model redirects: gpt-load redirects the "
					+ "model that the override names", "group 'odd': config: it is no JSON object");
	}

	@Test
	void probesAsFarAsKeymuxCan() {
		group(1, "responses", Map.of("channel_type", "openai-response", "validation_endpoint", "/v1/responses"));
		group(2, "gemini",
				Map.of("channel_type", "gemini", "validation_endpoint", "/v1beta/models", "test_model", "-"));
		group(3, "relative", Map.of("validation_endpoint", "v1/chat"));
		Move move = move();
		assertThat(move.document().at("/groups/0/provider").stringValue()).isEqualTo("openai");
		assertThat(move.document().at("/groups/0/probe")).isEqualTo(object("model", "gpt-4.1-nano"));
		assertThat(move.document().at("/groups/1").has("probe")).isFalse();
		assertThat(move.document().at("/groups/2/probe")).isEqualTo(object("model", "gpt-4.1-nano"));
		assertThat(told(move)).hasSize(3);
	}

	@Test
	void tellsWhenSubGroupsDifferInWhatTheAggregateDecides() {
		group(1, "patient", Map.of("config", "{\"max_retries\":9}"));
		group(2, "quick", Map.of("config", "{\"max_retries\":0}"));
		group(3, "all", Map.of("group_type", "aggregate"));
		member(3, 1, 1);
		member(3, 2, 0);
		assertThat(move().document().at("/groups/2/settings/max-attempts").stringValue()).isEqualTo("10");
		this.members.clear();
		member(3, 1, 1);
		member(3, 2, 2);
		Move move = move();
		assertThat(move.document().at("/groups/2").has("settings")).isFalse();
		assertThat(move.document().at("/groups/2/members").toString())
			.isEqualTo("[{\"group\":\"patient\",\"weight\":1},{\"group\":\"quick\",\"weight\":2}]");
		assertThat(told(move)).containsExactly("group 'all': its max-attempts is the system's: the sub-groups differ; "
				+ "gpt-load asks the sub-group that serves, Keymux the aggregate");
	}

	@Test
	void namesAnAccessKeyTheSameWhateverElseChanges() {
		this.settings.put("proxy_keys", "first-access-key-0001,second-access-key-001");
		List<String> before = names(move());
		this.settings.put("proxy_keys", "third-access-key-0001,second-access-key-001");
		group(1, "team", Map.of("proxy_keys", "first-access-key-0001"));
		assertThat(names(move())).containsSubsequence(before.get(1), before.get(0)).doesNotHaveDuplicates();
	}

	@Test
	void leavesKeysOutThatKeymuxRefuses() {
		group(1, "team", Map.of("proxy_keys", "fifteen-chars-0,white space in the middle," + "x".repeat(513)));
		key(1, 1, " sk-padded ");
		key(2, 1, "sk-wíth-accent");
		key(3, 1, "sk in two");
		key(4, 1, "x".repeat(1025));
		this.keys.add(new Source.Key(5, 1, "sk-strange", KeyCipher.plainHash("sk-strange"), "banned", "n".repeat(300)));
		this.keys.add(new Source.Key(6, 1, "sk-edited", "stale", "active", null));
		Move move = move();
		assertThat(move.document().get("accessKeys")).isEmpty();
		assertThat(move.document().at("/groups/0/keys").valueStream().map((key) -> key.get("key").stringValue()))
			.containsExactly("sk-padded", "sk-strange", "sk-edited");
		assertThat(move.document().at("/groups/0/keys/1/enabled").booleanValue(true)).isFalse();
		assertThat(move.document().at("/groups/0/keys/1/note").stringValue()).hasSize(255);
		assertThat(told(move)).contains(
				"group 'team': provider keys, 3 with ids 2, 3, 4: expected: 1 to 1024 visible ASCII characters without white space",
				"provider keys: 1 with id 6: moved as they stand: their hashes do not belong to them, and they do not look encrypted")
			.noneMatch((finding) -> finding.contains("sk-") || finding.contains("fifteen"));
	}

	@Test
	void refusesAMissingOrWrongEncryptionKey() {
		group(1, "team", Map.of());
		this.keys.add(new Source.Key(7, 1, SampleDatabase.SEALED, SampleDatabase.SEALED_HASH, "active", null));
		assertThatExceptionOfType(ImportRefused.class).isThrownBy(() -> move())
			.withMessage("gpt-load encrypted 1 provider key, the first with id 7. Give the value of its ENCRYPTION_KEY "
					+ "in GPT_LOAD_ENCRYPTION_KEY, or a file with --encryption-key-file.");
		assertThatExceptionOfType(ImportRefused.class).isThrownBy(() -> Move.of(source(), new KeyCipher("wrong")))
			.withMessageContaining("not the one gpt-load encrypted its keys with")
			.withMessageNotContaining("wrong");
	}

	@Test
	void leavesSingleKeysOutThatDoNotOpen() {
		group(1, "team", Map.of());
		this.keys.add(new Source.Key(7, 1, SampleDatabase.SEALED, SampleDatabase.SEALED_HASH, "active", null));
		this.keys.add(new Source.Key(8, 1, SampleDatabase.SEALED.replace("19bd", "19be"), "other", "active", null));
		Move move = Move.of(source(), new KeyCipher(SampleDatabase.PASSPHRASE));
		assertThat(move.document().at("/groups/0/keys")).hasSize(1);
		assertThat(told(move)).contains("provider keys: 1 with id 8: they do not open with the encryption key, which "
				+ "opens 1 other: another one encrypted them, or they are damaged");
	}

	@Test
	void listsColumnsOfOtherVersions() {
		this.groups.add(new Source.Group(1, Map.of("name", "team\u001b[31m", "channel_type", "openai", "upstreams",
				"[{\"url\":\"https://a\",\"weight\":1}]"), List.of("query_param_rules")));
		assertThat(told(move()))
			.contains("group 'team?[31m': column 'query_param_rules': gpt-load 1.4 has no such column");
	}

	private void group(long id, String name, Map<String, String> values) {
		Map<String, String> columns = new HashMap<>(
				Map.of("name", name, "channel_type", "openai", "group_type", "standard", "upstreams",
						"[{\"url\":\"https://api.openai.com\",\"weight\":1}]", "test_model", "gpt-4.1-nano"));
		columns.putAll(values);
		this.groups.add(new Source.Group(id, columns, List.of()));
	}

	private void member(long group, long member, long weight) {
		this.members.add(new Source.Member(group, member, weight));
	}

	private void key(long id, long group, String secret) {
		this.keys.add(new Source.Key(id, group, secret, KeyCipher.plainHash(secret), "active", ""));
	}

	private Source source() {
		return new Source(this.settings, this.groups, this.members, this.keys, List.of());
	}

	private Move move() {
		return Move.of(source(), null);
	}

	private String setting(Setting setting) {
		return move().document().get("settings").path(setting.key()).stringValue("");
	}

	private static List<String> names(Move move) {
		return move.document().get("accessKeys").valueStream().map((key) -> key.get("name").stringValue()).toList();
	}

	/** All but what is told of every import. */
	private static List<String> told(Move move) {
		return move.findings()
			.stream()
			.map(Finding::toString)
			.filter((finding) -> !finding.contains("how often and when"))
			.toList();
	}

	private static JsonNode object(String name, String value) {
		ObjectNode object = JsonColumn.MAPPER.createObjectNode();
		return object.put(name, value);
	}

}
