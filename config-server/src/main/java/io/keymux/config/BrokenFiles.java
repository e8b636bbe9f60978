package io.keymux.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.ResourceUtils;
import org.springframework.util.StringUtils;

/**
 * Finds out which files cannot be read and at what line, without the line itself: it may
 * hold a secret.
 */
final class BrokenFiles {

	private static final List<PropertySourceLoader> LOADERS = List.of(new YamlPropertySourceLoader(),
			new PropertiesPropertySourceLoader());

	private BrokenFiles() {
	}

	static List<String> in(String[] locations, String applications) {
		List<String> broken = new ArrayList<>();
		for (String location : locations) {
			if (location.startsWith(ResourceUtils.FILE_URL_PREFIX)) {
				Path directory = Path.of(location.substring(ResourceUtils.FILE_URL_PREFIX.length()));
				broken.addAll(in(directory, applications));
			}
		}
		return broken;
	}

	private static List<String> in(Path directory, String applications) {
		List<String> broken = new ArrayList<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((file) -> belongs(file, applications)).sorted().toList()) {
				broken.addAll(faults(file));
			}
		}
		catch (IOException _) {
			broken.add(directory + " cannot be read");
		}
		return broken;
	}

	private static boolean belongs(Path file, String applications) {
		String name = file.getFileName().toString();
		return name.startsWith("application") || Arrays.stream(applications.split(",")).anyMatch(name::startsWith);
	}

	private static List<String> faults(Path file) {
		String name = file.getFileName().toString();
		String extension = String.valueOf(StringUtils.getFilenameExtension(name));
		for (PropertySourceLoader loader : LOADERS) {
			if (Arrays.asList(loader.getFileExtensions()).contains(extension)) {
				try {
					loader.load(name, new FileSystemResource(file));
				}
				catch (MarkedYAMLException ex) {
					return List.of(fault(name, ex));
				}
				catch (IOException | RuntimeException _) {
					return List.of(name + " cannot be read (expected: well-formed " + extension + ")");
				}
			}
		}
		return List.of();
	}

	private static String fault(String name, MarkedYAMLException ex) {
		Mark mark = ex.getProblemMark();
		String line = (mark != null) ? " line " + (mark.getLine() + 1) : "";
		return name + line + " is no valid YAML";
	}

}
