package io.keymux.gateway.gptload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.GatewayApplication;
import io.keymux.gateway.access.Callers;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** A node starts with the document of a database full of odd values. */
class KeymuxAcceptsTheDocumentTests {

	@TempDir
	@SuppressWarnings("NullAway.Init") // injected
	Path folder;

	@Test
	void startsWithTheDocument() throws SQLException {
		Path source = this.folder.resolve("gpt-load.db");
		try (SampleDatabase database = SampleDatabase.sqlite("jdbc:sqlite:" + source)) {
			GptLoadImportContract.fill(database);
			database.group(4, "_odd-" + "x".repeat(90), Map.of("upstreams", """
					[{"url":"HTTPS://U:p@Relay.example:8443/v1//?a=b","weight":5000},{"url":"https://b","weight":1}]""",
					"config", "{\"max_retries\":500,\"connect_timeout\":9999,\"proxy_url\":\"socks5://u:p@proxy\"}",
					"header_rules", "[{\"key\":\"X-All\",\"value\":\"${API_KEY}${TIMESTAMP_S}\",\"action\":\"set\"}]",
					"param_overrides", "{\"stop\":null,\"metadata\":{\"a\":1}}", "model_redirect_strict", 1));
			database.group(5, "idle", Map.of("upstreams", "[{\"url\":\"https://a\",\"weight\":0}]"));
			database.group(6, "idle-all", Map.of("group_type", "aggregate", "upstreams", "[]", "test_model", "-"));
			database.member(6, 5, 0);
		}
		ObjectNode document = Move.of(GptLoadDatabase.read(new Dsn.Sqlite(source)), null).document();
		try (ConfigurableApplicationContext node = start(document)) {
			assertThat(node.getBean(GroupStore.class).readAll().groups()).extracting(Group::name)
				.containsExactlyInAnyOrder("team", "everything", "claude", ("odd-" + "x".repeat(63)).substring(0, 63),
						"idle", "idle-all");
			assertThat(node.getBean(Callers.class).find("team-access-key-0001")).isNotNull()
				.satisfies((caller) -> assertThat(caller.mayUse("claude")).isFalse());
			assertThat(node.getBean(Callers.class).find("shared-access-key-01")).isNotNull()
				.satisfies((caller) -> assertThat(caller.mayUse("claude")).isTrue());
		}
	}

	/** Without what a bootstrap file may not hold yet. */
	private ConfigurableApplicationContext start(ObjectNode document) {
		document.remove("settings");
		document.get("groups")
			.forEach((group) -> group.path("keys").forEach((key) -> ((ObjectNode) key).remove("enabled")));
		Path file = this.folder.resolve("document.json");
		JsonColumn.MAPPER.writeValue(file, document);
		assertThat(Files.exists(file)).isTrue();
		return new SpringApplicationBuilder(GatewayApplication.class)
			.run(List
				.of("--server.port=0", "--management.server.port=0", "--keymux.data-dir=" + this.folder.resolve("data"),
						"--keymux.bootstrap-file=" + file)
				.toArray(String[]::new));
	}

}
