package io.keymux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class GitTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String ATTEMPTS = "keymux.settings.max-attempts";

	// What the four hosts send for a push, cut to what names it.
	private static final String[] PUSHES = { "{\"ref\":\"refs/heads/main\",\"commits\":[{\"modified\":[\"a.yaml\"]}]}",
			"{\"object_kind\":\"push\",\"ref\":\"refs/heads/main\",\"total_commits_count\":30,\"commits\":[]}",
			"{\"push\":{\"changes\":[{\"new\":{\"type\":\"branch\",\"name\":\"main\"}}]}}", "" };

	@TempDir
	private Path directory;

	@Test
	void commitIsServedAndAPushIsLookedAtOnce() throws IOException, GitAPIException {
		try (Git git = repository(); TestServer server = start("keymux.config.watch-interval=1h")) {
			commit(git, ATTEMPTS + ": 2\n");
			assertThat(server.document().value(ATTEMPTS)).isEqualTo("2");
			int attempts = 2;
			for (String push : PUSHES) {
				attempts++;
				commit(git, ATTEMPTS + ": " + attempts + "\n");
				assertThat(server.post("/monitor", push).at("/changed").asBoolean()).isTrue();
				assertThat(server.document().value(ATTEMPTS)).isEqualTo(String.valueOf(attempts));
			}
			assertThat(server.post("/monitor", PUSHES[0]).at("/changed").asBoolean()).isFalse();
		}
	}

	@Test
	void brokenCommitIsRefusedWithoutItsContent(CapturedOutput output) throws IOException, GitAPIException {
		try (Git git = repository(); TestServer server = start("keymux.config.watch-interval=100ms")) {
			commit(git, "a: 1\nb: hidden: c\n");
			assertThat(server.document().status()).isEqualTo(500);
			assertThat(server.document().body()).contains("application.yaml line 2").doesNotContain("hidden");
			await().atMost(TIMEOUT).untilAsserted(() -> assertThat(server.health().status()).isEqualTo(503));
			commit(git, ATTEMPTS + ": 3\n");
			assertThat(server.document().value(ATTEMPTS)).isEqualTo("3");
			await().atMost(TIMEOUT).untilAsserted(() -> assertThat(server.health().status()).isEqualTo(200));
		}
		assertThat(output).doesNotContain("hidden");
	}

	@Test
	void repositoryThatIsAwayIsWaitedForAndNotServedAsNothing() throws IOException, GitAPIException {
		try (TestServer server = start("keymux.config.watch-interval=100ms")) {
			assertThat(server.document().status()).isEqualTo(503);
			assertThat(server.health().at("/components/backends/components/git/status").asString()).isEqualTo("DOWN");
			try (Git git = repository()) {
				commit(git, ATTEMPTS + ": 5\n");
				await().atMost(TIMEOUT)
					.untilAsserted(() -> assertThat(server.document().value(ATTEMPTS)).isEqualTo("5"));
				assertThat(server.get("/keymux-gateway/default/no-such-label").status()).isEqualTo(503);
			}
		}
	}

	@Test
	void refusesToStartWithoutARepository(CapturedOutput output) {
		assertThatThrownBy(
				() -> TestServer.start("spring.profiles.active=git", "spring.cloud.config.server.git.uri=").close())
			.isInstanceOf(RuntimeException.class);
		assertThat(output).contains("KEYMUX_CONFIG_GIT_URI has to name a repository");
	}

	/**
	 * The repository is named by its path: in one named with {@code file:} Spring Cloud
	 * Config works itself, and its index lock would meet that of the commits here.
	 */
	private TestServer start(String property) {
		return TestServer.start("spring.profiles.active=git", property,
				"spring.cloud.config.server.git.basedir=" + this.directory.resolve("clone"),
				"spring.cloud.config.server.git.uri=" + this.directory.resolve("origin"));
	}

	private Git repository() throws IOException, GitAPIException {
		Path origin = Files.createDirectories(this.directory.resolve("origin"));
		Git git = Git.init().setDirectory(origin.toFile()).setInitialBranch("main").call();
		commit(git, "a: 1\n");
		return git;
	}

	private static void commit(Git git, String content) throws IOException, GitAPIException {
		Files.writeString(git.getRepository().getWorkTree().toPath().resolve("application.yaml"), content);
		git.add().addFilepattern("application.yaml").call();
		git.commit().setMessage("Change").setAuthor("a", "a@b").setCommitter("a", "a@b").setSign(false).call();
	}

}
