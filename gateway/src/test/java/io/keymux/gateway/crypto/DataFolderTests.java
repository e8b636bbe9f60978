package io.keymux.gateway.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

@DisabledOnOs(OS.WINDOWS)
class DataFolderTests {

	@Test
	void folderIsReadableByItsOwnerAlone(@TempDir Path folder) throws IOException {
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		new DataFolder(folder.toString());
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
	}

	@Test
	void folderThatIsNotThereIsLeftAlone(@TempDir Path folder) {
		assertThatNoException().isThrownBy(() -> new DataFolder(folder.resolve("absent").toString()));
	}

}
