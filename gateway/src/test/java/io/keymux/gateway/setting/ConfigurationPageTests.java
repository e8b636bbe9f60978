package io.keymux.gateway.setting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares docs/configuration.md with the settings; -Dkeymux.docs.write=true rewrites its
 * table.
 */
class ConfigurationPageTests {

	private static final Path PAGE = Path.of("..", "docs", "configuration.md");

	private static final String BEGIN = "<!-- settings: begin -->\n";

	private static final String END = "<!-- settings: end -->\n";

	@Test
	void pageListsEverySettingAsItIs() throws IOException {
		String page = Files.readString(PAGE);
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		int end = page.indexOf(END);
		assertThat(page).contains(BEGIN, END);
		if (Boolean.getBoolean("keymux.docs.write")) {
			Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
			return;
		}
		assertThat(page.substring(begin, end))
			.as("docs/configuration.md is stale; CONTRIBUTING.md tells how to write it again")
			.isEqualTo(table());
	}

	@Test
	void defaultIsAValueTheSettingAccepts() {
		for (Setting setting : Setting.values()) {
			assertThat(setting.parse(setting.defaultValue())).as(setting.key()).isNotNull();
		}
	}

	private static String table() {
		return "| setting | type | default | bounds | tier | meaning |\n|---|---|---|---|---|---|\n"
				+ Arrays.stream(Setting.values()).map(ConfigurationPageTests::row).collect(Collectors.joining());
	}

	private static String row(Setting setting) {
		return "| `%s` | %s | %s | %s | %s | %s |\n".formatted(setting.key(), setting.type(),
				setting.defaultValue().isEmpty() ? "–" : "`" + setting.defaultValue() + "`", setting.bounds(),
				setting.systemOnly() ? "system" : "group", setting.description());
	}

}
