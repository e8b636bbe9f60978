package io.keymux.gateway.setting;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/** The settings this node was started with: defaults below, the environment above. */
@Component
public class SystemSettings {

	private static final String VARIABLE_PREFIX = "KEYMUX_SETTING_";

	private final Map<String, String> environment;

	private final EffectiveSettings effective;

	SystemSettings(ConfigurableEnvironment environment) {
		this.environment = Map.copyOf(read(environment));
		this.effective = EffectiveSettings.resolve(List.of(this.environment));
	}

	/**
	 * The values in force where no group is concerned.
	 * @return defaults overlaid with the environment
	 */
	public EffectiveSettings effective() {
		return this.effective;
	}

	/**
	 * The values in force for a group.
	 * @param group what the group sets itself
	 * @return defaults overlaid with the environment and the group
	 */
	public EffectiveSettings effective(Map<String, String> group) {
		return group.isEmpty() ? this.effective : EffectiveSettings.resolve(List.of(this.environment, group));
	}

	private static Map<String, String> read(ConfigurableEnvironment environment) {
		Map<String, String> values = new TreeMap<>(Binder.get(environment)
			.bind("keymux.settings", Bindable.mapOf(String.class, String.class))
			.orElse(Map.of()));
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				readVariables(enumerable, values);
			}
		}
		values.forEach(SystemSettings::check);
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

	private static void check(String key, String value) {
		Setting setting = Setting.find(key);
		if (setting == null) {
			throw new InvalidSettingException(key, "is no setting (see docs/configuration.md)");
		}
		try {
			setting.parse(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSettingException(key, String.valueOf(ex.getMessage()));
		}
	}

}
