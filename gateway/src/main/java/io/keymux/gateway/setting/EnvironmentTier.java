package io.keymux.gateway.setting;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/**
 * The settings this node was started with: its own files, its arguments and variables.
 */
@Component
class EnvironmentTier {

	private static final String VARIABLE_PREFIX = "KEYMUX_SETTING_";

	private static final String ATTACHED = "configurationProperties";

	private final ConfigurableEnvironment environment;

	EnvironmentTier(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Reads them anew.
	 * @return values by setting
	 * @throws InvalidSettingException if one is no setting or breaks its bounds
	 */
	Map<String, String> read() {
		List<PropertySource<?>> own = this.environment.getPropertySources()
			.stream()
			.filter((source) -> !ConfigServerSource.serves(source) && !source.getName().equals(ATTACHED))
			.<PropertySource<?>>map((source) -> source)
			.toList();
		Iterable<ConfigurationPropertySource> sources = own.stream()
			.flatMap((source) -> java.util.stream.StreamSupport
				.stream(ConfigurationPropertySources.from(source).spliterator(), false))
			.toList();
		Map<String, String> values = new TreeMap<>(
				new Binder(sources, new PropertySourcesPlaceholdersResolver(this.environment))
					.bind("keymux.settings", Bindable.mapOf(String.class, String.class))
					.orElse(Map.of()));
		for (PropertySource<?> source : own.reversed()) {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				readVariables(enumerable, values);
			}
		}
		values.forEach((name, value) -> check(name, value, null));
		return values;
	}

	private static void readVariables(EnumerablePropertySource<?> source, Map<String, String> values) {
		for (String name : source.getPropertyNames()) {
			if (name.startsWith(VARIABLE_PREFIX)) {
				String key = name.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
				values.put(key, String.valueOf(source.getProperty(name)));
			}
		}
	}

	static void check(String name, String value, @org.jspecify.annotations.Nullable String source) {
		String place = (source != null) ? " (from %s)".formatted(source) : "";
		Setting setting = Setting.find(name);
		if (setting == null) {
			throw new InvalidSettingException(name, "is no setting (see docs/configuration.md)" + place);
		}
		try {
			setting.parse(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSettingException(name, ex.getMessage() + place);
		}
	}

}
