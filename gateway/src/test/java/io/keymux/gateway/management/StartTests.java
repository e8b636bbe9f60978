package io.keymux.gateway.management;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.GatewayApplication;
import io.keymux.gateway.access.Callers;
import io.keymux.gateway.admin.Admission;
import io.keymux.gateway.admin.Verdict;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupStore;
import io.keymux.gateway.key.ProviderKeyStore.StoredKey;
import io.keymux.gateway.key.ProviderKeyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** What a node does with its environment when it starts. */
@ExtendWith(OutputCaptureExtension.class)
class StartTests {

	@TempDir
	@SuppressWarnings("NullAway.Init") // injected
	Path folder;

	@Test
	void generatesAnAdminKeyOnceAndWritesItToAFileOfItsOwner(CapturedOutput output) throws IOException {
		Path file = this.folder.resolve("data/initial-admin-key");
		try (ConfigurableApplicationContext node = start(Map.of())) {
			String key = Files.readString(file).strip();
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			assertThat(admits(node, key)).isTrue();
			assertThat(admits(node, key + "x")).isFalse();
			assertThat(output.getAll()).contains("initial-admin-key", "PLAIN TEXT").doesNotContain(key);
		}
		String key = Files.readString(file).strip();
		Files.delete(file);
		try (ConfigurableApplicationContext node = start(Map.of())) {
			assertThat(admits(node, key)).isTrue();
			assertThat(file).doesNotExist();
		}
		try (ConfigurableApplicationContext node = start(Map.of("KEYMUX_ADMIN_KEY", "another-admin-key"))) {
			assertThat(admits(node, "another-admin-key")).isTrue();
			assertThat(admits(node, key)).isFalse();
		}
	}

	@Test
	void declaresGroupsAndCallersOfTheEnvironmentOnce() {
		Map<String, String> environment = Map.of("OPENAI_API_KEYS", "sk-env-one, sk-env-two,", "ANTHROPIC_API_KEYS",
				"sk-ant-env", "ANTHROPIC_BASE_URL", "http://localhost:1234", "KEYMUX_ACCESS_KEYS",
				"env-access-key-number-1,env-access-key-number-2");
		long revision;
		try (ConfigurableApplicationContext node = start(environment)) {
			GroupStore.StoredGroups stored = node.getBean(GroupStore.class).readAll();
			revision = stored.revision();
			assertThat(stored.groups()).extracting(Group::name).containsExactly("openai", "anthropic");
			assertThat(stored.groups().getFirst().upstreams().getFirst().url()).isEqualTo("https://api.openai.com");
			assertThat(stored.groups().getLast().upstreams().getFirst().url()).isEqualTo("http://localhost:1234");
			assertThat(secrets(node, "openai")).containsExactly("sk-env-one", "sk-env-two");
			assertThat(node.getBean(Callers.class).find("env-access-key-number-2")).isNotNull();
		}
		try (ConfigurableApplicationContext node = start(environment)) {
			assertThat(node.getBean(GroupStore.class).readAll().revision()).isEqualTo(revision);
			assertThat(secrets(node, "openai")).hasSize(2);
		}
		try (ConfigurableApplicationContext node = start(
				Map.of("OPENAI_API_KEYS", "sk-env-two,sk-env-three", "OPENAI_BASE_URL", "http://localhost:4321"))) {
			assertThat(node.getBean(GroupStore.class).readAll().groups().getFirst().upstreams())
				.containsExactly(new Group.UpstreamUrl("http://localhost:4321", 1));
			assertThat(secrets(node, "openai")).containsExactly("sk-env-one", "sk-env-two", "sk-env-three");
		}
	}

	@Test
	void appliesABootstrapFileByNameAndChangesNothingWhenNothingChanged() throws IOException {
		Path file = Files.writeString(this.folder.resolve("bootstrap.yaml"), """
				groups:
				- name: all
				  provider: openai
				  members: [{group: chat, weight: 5}]
				- name: chat
				  provider: openai
				  upstreams: [{url: "https://api.example"}]
				  settings: {max-attempts: 3}
				  keys: [sk-file-one, {key: sk-file-two, weight: 4, note: spare}]
				accessKeys:
				- {name: web, key: web-access-key-00001, groups: [chat], expiresAt: "2099-01-01T00:00:00Z"}
				""");
		Map<String, String> environment = Map.of("KEYMUX_BOOTSTRAP_FILE", file.toString());
		long revision;
		try (ConfigurableApplicationContext node = start(environment)) {
			revision = node.getBean(GroupStore.class).readAll().revision();
			assertThat(node.getBean(ProviderKeyStore.class).readAll(groupId(node, "chat")).readable())
				.extracting(StoredKey::weight)
				.containsExactly(1, 4);
			assertThat(node.getBean(Callers.class).find("web-access-key-00001")).isNotNull();
		}
		try (ConfigurableApplicationContext node = start(environment)) {
			assertThat(node.getBean(GroupStore.class).readAll().revision()).isEqualTo(revision);
		}
		Files.writeString(file, "{\"groups\": [{\"name\": \"chat\", \"provider\": \"openai\", \"enabled\": false, "
				+ "\"upstreams\": [{\"url\": \"https://b\"}], \"keys\": [{\"key\": \"sk-file-one\", \"weight\": 9}]}]}");
		try (ConfigurableApplicationContext node = start(environment)) {
			assertThat(node.getBean(GroupStore.class).readAll().revision()).isEqualTo(revision + 1);
			assertThat(node.getBean(ProviderKeyStore.class).readAll(groupId(node, "chat")).readable())
				.extracting(StoredKey::weight)
				.containsExactly(9, 4);
		}
	}

	@Test
	void refusesABadBootstrapFileNamingTheFieldAndAppliesNothing(CapturedOutput output) throws IOException {
		Path file = Files.writeString(this.folder.resolve("bootstrap.yaml"), """
				groups:
				- {name: good, provider: openai, upstreams: [{url: "https://api.example"}], keys: [sk-file-good]}
				- {name: bad, provider: openai, upstreams: [{url: "https://api.example"}, {url: "api.example"}]}
				""");
		assertRefused(Map.of("KEYMUX_BOOTSTRAP_FILE", file.toString()), output,
				"groups[1].upstreams[1].url: 'api.example'");
		try (ConfigurableApplicationContext node = start(Map.of())) {
			assertThat(node.getBean(GroupStore.class).readAll().groups()).isEmpty();
		}
		Files.writeString(file,
				"groups: [{name: x, provider: openai, upstreams: [{url: 'https://h'}], keys: [{kee: x}]}]");
		assertRefused(Map.of("KEYMUX_BOOTSTRAP_FILE", file.toString()), output, "groups[0].keys[0].kee: no such field");
		Files.writeString(file, "groups: [");
		assertRefused(Map.of("KEYMUX_BOOTSTRAP_FILE", file.toString()), output, "no valid YAML (line 1");
		assertRefused(Map.of("KEYMUX_BOOTSTRAP_FILE", "/nowhere.yaml"), output, "cannot be read");
	}

	@Test
	void refusesAWrongEnvironmentInOneLine(CapturedOutput output) {
		assertRefused(Map.of("KEYMUX_ADMIN_KEY", "short"), output,
				"KEYMUX_ADMIN_KEY (keymux.admin-key) has 5 characters");
		assertRefused(Map.of("KEYMUX_SETTING_MAX_ATTEMPTS", "many"), output, "KEYMUX_SETTING_MAX_ATTEMPTS");
		assertRefused(Map.of("KEYMUX_ACCESS_KEYS", "tooshort"), output, "Entry 1 of KEYMUX_ACCESS_KEYS");
		assertRefused(Map.of("OPENAI_API_KEYS", "sk-x", "OPENAI_BASE_URL", "api.openai.com"), output,
				"OPENAI_BASE_URL");
		assertThat(output.getAll()).doesNotContain("tooshort");
	}

	@Test
	void startsWithAnotherEncryptionKeyThanTheDatabaseWasWrittenWithAndAppliesNothing(CapturedOutput output) {
		Map<String, String> first = Map.of("KEYMUX_ENCRYPTION_KEY", "first passphrase", "OPENAI_API_KEYS", "sk-sealed");
		try (ConfigurableApplicationContext node = start(first)) {
			assertThat(secrets(node, "openai")).containsExactly("sk-sealed");
		}
		try (ConfigurableApplicationContext node = start(
				Map.of("KEYMUX_ENCRYPTION_KEY", "other passphrase", "OPENAI_API_KEYS", "sk-sealed,sk-new"))) {
			assertThat(secrets(node, "openai")).isEmpty();
			assertThat(output.getAll()).contains("The database is encrypted with key '", "Start with it as",
					"Nothing of what the environment declares is applied");
		}
		try (ConfigurableApplicationContext node = start(
				Map.of("KEYMUX_DECRYPTION_KEY", "first passphrase", "OPENAI_API_KEYS", "sk-sealed,sk-new"))) {
			assertThat(secrets(node, "openai")).containsExactly("sk-sealed", "sk-new");
		}
	}

	@Test
	void readsEncryptionKeysFromFiles(CapturedOutput output) throws IOException {
		Path file = Files.writeString(this.folder.resolve("key"), "a passphrase in a file\n");
		try (ConfigurableApplicationContext node = start(
				Map.of("KEYMUX_ENCRYPTION_KEY_FILE", file.toString(), "OPENAI_API_KEYS", "sk-sealed"))) {
			assertThat(secrets(node, "openai")).containsExactly("sk-sealed");
		}
		try (ConfigurableApplicationContext node = start(Map.of("KEYMUX_ENCRYPTION_KEY", "a passphrase in a file"))) {
			assertThat(secrets(node, "openai")).containsExactly("sk-sealed");
		}
		assertRefused(Map.of("KEYMUX_ENCRYPTION_KEY", "secret-1", "KEYMUX_ENCRYPTION_KEY_FILE", file.toString()),
				output, "KEYMUX_ENCRYPTION_KEY and KEYMUX_ENCRYPTION_KEY_FILE are both set");
		assertRefused(Map.of("KEYMUX_DECRYPTION_KEY_FILE", "/nowhere"), output,
				"KEYMUX_DECRYPTION_KEY_FILE '/nowhere' cannot be read");
		assertRefused(Map.of("KEYMUX_DECRYPTION_KEY", "{\"no\": \"keyset\"}"), output,
				"KEYMUX_DECRYPTION_KEY cannot be used");
		assertThat(output.getAll()).doesNotContain("secret-1", "a passphrase in a file");
	}

	@Test
	void startsWithoutItsOpenIdProviderAndSaysSoWhenSomeoneLogsIn(CapturedOutput output) {
		Map<String, String> environment = Map.of("KEYMUX_OIDC_ISSUER", "http://127.0.0.1:1/nobody",
				"KEYMUX_OIDC_CLIENT_ID", "keymux", "KEYMUX_OIDC_CLIENT_SECRET", "sealed-lips",
				"KEYMUX_OIDC_ADMIN_VALUES", "admins");
		try (ConfigurableApplicationContext node = start(environment)) {
			WebTestClient client = client(node);
			client.get().uri("/oauth2/authorization/oidc").exchange().expectStatus().isEqualTo(503);
			client.get().uri("/oauth2/authorization/other").exchange().expectStatus().isNotFound();
			client.get().uri("/login/oauth2/code/oidc").exchange().expectStatus().isNotFound();
			client.get().uri("/login/oauth2/code/oidc?code=x&state=y").exchange().expectStatus().isUnauthorized();
		}
		assertRefused(Map.of("KEYMUX_OIDC_ISSUER", "https://login.example"), output, "KEYMUX_OIDC_CLIENT_ID");
		assertRefused(Map.of("KEYMUX_OIDC_CLIENT_SECRET", "sealed-lips"), output, "KEYMUX_OIDC_ISSUER");
		assertThat(output.getAll()).doesNotContain("sealed-lips");
	}

	@Test
	void knowsNothingOfOpenIdUnlessItIsConfigured() {
		try (ConfigurableApplicationContext node = start(Map.of())) {
			assertThat(node.getBeansOfType(ReactiveClientRegistrationRepository.class)).isEmpty();
			client(node).get().uri("/oauth2/authorization/oidc").exchange().expectStatus().isNotFound();
			client(node).get().uri("/login/oauth2/code/oidc?code=x&state=y").exchange().expectStatus().isNotFound();
		}
	}

	private static WebTestClient client(ConfigurableApplicationContext node) {
		return WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + node.getEnvironment().getRequiredProperty("local.server.port"))
			.responseTimeout(Duration.ofSeconds(60))
			.build();
	}

	private void assertRefused(Map<String, String> environment, CapturedOutput output, String line) {
		assertThatException().isThrownBy(() -> start(environment).close());
		assertThat(output.getAll()).contains("APPLICATION FAILED TO START", line);
	}

	private ConfigurableApplicationContext start(Map<String, String> environment) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0",
				"--keymux.data-dir=" + this.folder.resolve("data")));
		environment.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return new SpringApplicationBuilder(GatewayApplication.class).run(arguments.toArray(String[]::new));
	}

	private static boolean admits(ConfigurableApplicationContext node, String key) {
		return node.getBean(Admission.class).judge(key, "192.0.2.1") instanceof Verdict.Admitted;
	}

	private static List<String> secrets(ConfigurableApplicationContext node, String group) {
		return node.getBean(ProviderKeyStore.class)
			.readAll(groupId(node, group))
			.readable()
			.stream()
			.map(StoredKey::secret)
			.toList();
	}

	private static long groupId(ConfigurableApplicationContext node, String name) {
		return node.getBean(GroupStore.class)
			.readAll()
			.groups()
			.stream()
			.filter((group) -> group.name().equals(name))
			.mapToLong(Group::id)
			.sum();
	}

}
