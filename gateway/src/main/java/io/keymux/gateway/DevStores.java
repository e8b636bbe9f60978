package io.keymux.gateway;

import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.access.Callers;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.GroupStore;
import io.keymux.gateway.key.KeyState;
import io.keymux.gateway.key.ProviderKeyStore;
import io.keymux.gateway.provider.ModelPatterns;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Temporary. */
@Configuration
class DevStores {

	@Bean
	InstantSource clock() {
		return Clock.systemUTC();
	}

	@Bean
	RandomGenerator random() {
		return new java.util.concurrent.atomic.AtomicReference<>(new java.util.Random()).get();
	}

	@Bean
	GroupStore groups() {
		List<Group> groups = new ArrayList<>();
		for (int i = 0; i < Integer.getInteger("groups", 1); i++) {
			groups.add(new Group(i + 1, i == 0 ? "openai" : "g" + i, null, null, "openai", true,
					List.of(new Group.UpstreamUrl("http://127.0.0.1:" + Integer.getInteger("up", 9100), 1)), Map.of(),
					List.of(), Map.of(), Map.of(), false, Group.Probe.defaults(), List.of()));
		}
		return () -> new GroupStore.StoredGroups(1, groups);
	}

	@Bean
	ProviderKeyStore keys() {
		return new ProviderKeyStore() {
			@Override
			public List<StoredKey> readAll(long groupId) {
				List<StoredKey> keys = new ArrayList<>();
				for (int i = 0; i < Integer.getInteger("keys", 10); i++) {
					keys.add(new StoredKey(i, "sk-provider-key-number-" + i, 1, true, KeyState.fresh()));
				}
				return keys;
			}

			@Override
			public List<StoredKey> read(long groupId, Collection<Long> ids) {
				return List.of();
			}

			@Override
			public void writeStates(Map<Long, KeyState> states) {
			}
		};
	}

	@Bean
	Callers callers() {
		Caller caller = new Caller(1, "test", Set.of(), ModelPatterns.ALL, true, null);
		return (key) -> key.equals("ak-test-0123456789abcdef") ? caller : null;
	}

}
