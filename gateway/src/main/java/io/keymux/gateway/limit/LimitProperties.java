package io.keymux.gateway.limit;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where limits are counted and who is told of them.
 *
 * @param redis URL of the Redis they are counted in, for all nodes together; null or
 * empty counts in this process
 * @param webhook where alerts are posted to, or null
 */
@ConfigurationProperties("keymux.limits")
record LimitProperties(@Nullable String redis, @Nullable URI webhook) {

	boolean shared() {
		return this.redis != null && !this.redis.isBlank();
	}

	/** URLs may hold secrets. */
	@Override
	public String toString() {
		return "LimitProperties[shared=" + shared() + "]";
	}

}
