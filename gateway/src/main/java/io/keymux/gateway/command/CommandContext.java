package io.keymux.gateway.command;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

import io.keymux.gateway.problem.StartFailure;
import io.keymux.gateway.setting.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * What a node is made of for a command: the same configuration and the same services, but
 * no server, nothing that runs by itself, and nothing made before it is needed.
 */
@AutoConfigurationPackage(basePackages = CommandContext.ROOT)
@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class,
		FlywayAutoConfiguration.class, DataJdbcRepositoriesAutoConfiguration.class, JacksonAutoConfiguration.class })
@ComponentScan(
		basePackages = { CommandContext.ROOT + ".access", CommandContext.ROOT + ".audit", CommandContext.ROOT + ".bulk",
				CommandContext.ROOT + ".cluster", CommandContext.ROOT + ".crypto", CommandContext.ROOT + ".document",
				CommandContext.ROOT + ".encryption", CommandContext.ROOT + ".group", CommandContext.ROOT + ".key",
				CommandContext.ROOT + ".price", CommandContext.ROOT + ".record", CommandContext.ROOT + ".session",
				CommandContext.ROOT + ".setting", CommandContext.ROOT + ".task" },
		excludeFilters = @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SmartLifecycle.class))
@ConfigurationPropertiesScan(CommandContext.ROOT)
class CommandContext {

	static final String ROOT = "io.keymux.gateway";

	/** What H2 says of a file that another process has open. */
	private static final int ALREADY_OPEN = 90020;

	/**
	 * Opens what is stored.
	 * @param environment environment variables
	 * @return to be closed
	 * @throws CommandRefused if it cannot be opened
	 */
	static ConfigurableApplicationContext open(Map<String, String> environment) {
		Map<String, Object> properties = new HashMap<>(environment);
		// The command prints what matters.
		properties.put("logging.level.root", "off");
		properties.put("logging.level.reactor.netty.channel", "off");
		properties.put("logging.level.org.flywaydb.core.internal.database.base.Database", "off");
		properties.put("spring.datasource.hikari.maximum-pool-size", "3");
		try {
			return new SpringApplicationBuilder(CommandContext.class).web(WebApplicationType.NONE)
				.lazyInitialization(true)
				.logStartupInfo(false)
				.addCommandLineProperties(false)
				.properties(properties)
				.run();
		}
		catch (RuntimeException ex) {
			throw refusal(ex);
		}
	}

	/** Nothing is made before it is needed: a bean may be refused as late as that. */
	static CommandRefused refusal(RuntimeException failure) {
		StartFailure wrong = cause(failure, StartFailure.class);
		if (wrong != null) {
			return new CommandRefused(wrong.getMessage() + System.lineSeparator() + wrong.action());
		}
		InvalidSettingException setting = cause(failure, InvalidSettingException.class);
		if (setting != null) {
			return new CommandRefused(String.valueOf(setting.getMessage()));
		}
		SQLException database = cause(failure, SQLException.class);
		if (database != null && database.getErrorCode() == ALREADY_OPEN) {
			return new CommandRefused("A node that runs has the embedded database open. Ask that node, with "
					+ "POST /api/encryption/rotate, or stop it.");
		}
		if (database != null) {
			return new CommandRefused("The database cannot be used: %s".formatted(database.getMessage()));
		}
		throw failure;
	}

	private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
