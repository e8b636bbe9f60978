package io.keymux.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.yaml.snakeyaml.error.YAMLException;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Keeps failures of the YAML parser out of the log: they quote the broken line, which may
 * hold a secret. {@link DocumentWatch} says the file and the number of the line instead.
 */
@Component
class BrokenLineFilter extends TurboFilter implements DisposableBean {

	BrokenLineFilter() {
		log().addTurboFilter(this);
	}

	@Override
	public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
			Object @Nullable [] params, @Nullable Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof YAMLException) {
				return FilterReply.DENY;
			}
		}
		return FilterReply.NEUTRAL;
	}

	@Override
	public void destroy() {
		log().getTurboFilterList().remove(this);
	}

	private static LoggerContext log() {
		return (LoggerContext) LoggerFactory.getILoggerFactory();
	}

}
