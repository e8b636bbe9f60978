package io.keymux.config;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.server.environment.JdbcEnvironmentProperties;
import org.springframework.cloud.config.server.environment.JdbcEnvironmentRepository;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of the gateway's table of settings, above all files, for the gateway alone.
 */
class SettingRows extends JdbcEnvironmentRepository {

	/** Name of the property source with the rows. */
	static final String NAME = "keymux-gateway-default";

	/** Property that carries the revision of the rows. */
	static final String REVISION = "keymux.settings-revision";

	// One statement, so that the rows and their revision are of the same moment.
	private static final String SQL = """
			select served.name, served.content from (
				select concat('keymux.settings.', name) as name, setting_value as content from keymux_setting
				union all
				select 'keymux.settings-revision', concat(revision, '') from keymux_revision where scope = 'settings'
			) served where ? = '%s' and ? = 'default' and ? = 'rows'""".formatted(ServedDocuments.GATEWAY);

	SettingRows(JdbcTemplate jdbc) {
		super(jdbc, properties(), new PropertiesResultSetExtractor());
	}

	private static JdbcEnvironmentProperties properties() {
		JdbcEnvironmentProperties properties = new JdbcEnvironmentProperties();
		properties.setOrder(Ordered.HIGHEST_PRECEDENCE);
		properties.setSql(SQL);
		return properties;
	}

	@Override
	public Environment findOne(String application, @Nullable String profile, @Nullable String label) {
		if (!Arrays.asList(application.split(",")).contains(ServedDocuments.GATEWAY)) {
			return new Environment(application);
		}
		Environment rows = super.findOne(ServedDocuments.GATEWAY, "default", "rows");
		if (rows.getPropertySources().isEmpty()) {
			throw new DataAccessResourceFailureException("keymux_revision has no row for 'settings'");
		}
		return rows;
	}

}
