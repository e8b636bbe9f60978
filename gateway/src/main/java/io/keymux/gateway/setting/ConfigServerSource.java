package io.keymux.gateway.setting;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * The system settings that the config server has served: the rows, and below them its
 * files.
 */
class ConfigServerSource implements SystemTierSource {

	private static final String SOURCES = "configserver:";

	private static final String PREFIX = "keymux.settings.";

	private static final String REVISION = "keymux.settings-revision";

	private final ConfigurableEnvironment environment;

	private final ObjectProvider<ContextRefresher> refresher;

	private volatile boolean ready;

	ConfigServerSource(ConfigurableEnvironment environment, ObjectProvider<ContextRefresher> refresher) {
		this.environment = environment;
		this.refresher = refresher;
	}

	/** Until the node is up, what it was started with has just been read. */
	@Override
	public void refresh() {
		if (this.ready) {
			this.refresher.ifAvailable(ContextRefresher::refresh);
		}
	}

	@EventListener(ApplicationReadyEvent.class)
	void ready() {
		this.ready = true;
	}

	static boolean serves(PropertySource<?> source) {
		return source.getName().startsWith(SOURCES);
	}

	@Override
	public SystemTier read() {
		long revision = 0;
		boolean answered = false;
		Map<String, SystemTier.Value> values = new TreeMap<>();
		for (PropertySource<?> source : this.environment.getPropertySources()) {
			if (serves(source) && source instanceof EnumerablePropertySource<?> served) {
				answered = true;
				boolean rows = served.containsProperty(REVISION);
				if (rows) {
					revision = Long.parseLong(String.valueOf(served.getProperty(REVISION)));
				}
				take(served, rows ? SystemTier.API : source.getName().substring(SOURCES.length()), values);
			}
		}
		if (!answered) {
			throw new SettingsUnavailable("The config server has not answered");
		}
		return new SystemTier(revision, values);
	}

	/** What stands above wins. */
	private static void take(EnumerablePropertySource<?> served, String from, Map<String, SystemTier.Value> values) {
		for (String name : served.getPropertyNames()) {
			if (name.startsWith(PREFIX)) {
				values.putIfAbsent(name.substring(PREFIX.length()),
						new SystemTier.Value(String.valueOf(served.getProperty(name)), from));
			}
		}
	}

}
