package io.keymux.gateway.upstream;

import java.net.URI;
import java.time.Duration;

import io.keymux.gateway.setting.EffectiveSettings;
import org.jspecify.annotations.Nullable;

/**
 * What makes one HTTP client differ from another.
 *
 * @param connectTimeout time to open a connection
 * @param egressProxy proxy towards the upstream, or null
 */
public record TransportSettings(Duration connectTimeout, @Nullable URI egressProxy) {

	/**
	 * Picks the transport's part of a group's settings.
	 * @param settings settings in force
	 * @return the part a client is made of
	 */
	public static TransportSettings of(EffectiveSettings settings) {
		return new TransportSettings(settings.connectTimeout(), settings.egressProxy());
	}

	@Override
	public String toString() {
		return "TransportSettings[connectTimeout=" + this.connectTimeout + "]";
	}

}
