package io.keymux.gateway.group;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import io.keymux.gateway.body.JsonMergePatch;
import io.keymux.gateway.cluster.Replica;
import io.keymux.gateway.group.GroupStore.StoredGroups;
import io.keymux.gateway.group.ServingGroup.ServingMember;
import io.keymux.gateway.provider.ModelPatterns;
import io.keymux.gateway.provider.Provider;
import io.keymux.gateway.provider.Providers;
import io.keymux.gateway.setting.EffectiveSettings;
import io.keymux.gateway.setting.SettingsReplaced;
import io.keymux.gateway.setting.SystemSettings;
import io.keymux.gateway.upstream.HttpClients;
import io.keymux.gateway.upstream.TransportSettings;
import io.keymux.gateway.upstream.UpstreamSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Holds the snapshot the data plane reads, and replaces it when groups change. */
@Component
public class Catalog implements Replica, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Catalog.class);

	private final GroupStore store;

	private final GroupSecrets secrets;

	private final SystemSettings settings;

	private final HttpClients clients;

	private final InstantSource time;

	private final ApplicationEventPublisher events;

	private final AtomicReference<CatalogSnapshot> snapshot = new AtomicReference<>(new CatalogSnapshot(-1, Map.of()));

	private Map<Long, Long> versions = Map.of();

	private volatile boolean running;

	Catalog(GroupStore store, GroupSecrets secrets, SystemSettings settings, HttpClients clients, InstantSource time,
			ApplicationEventPublisher events) {
		this.store = store;
		this.secrets = secrets;
		this.settings = settings;
		this.clients = clients;
		this.time = time;
		this.events = events;
	}

	/**
	 * The groups as they are now; one volatile read.
	 * @return the snapshot
	 */
	public CatalogSnapshot snapshot() {
		return this.snapshot.get();
	}

	@EventListener
	void reload(GroupsChanged change) {
		reload();
	}

	@Override
	public String name() {
		return "groups";
	}

	@Override
	public long revision() {
		return this.snapshot.get().revision();
	}

	@EventListener
	void reload(SettingsReplaced change) {
		if (this.running) {
			rebuild(false);
		}
	}

	@Override
	public void reload() {
		rebuild(true);
	}

	private synchronized void rebuild(boolean sameSettings) {
		CatalogSnapshot former = this.snapshot.get();
		StoredGroups stored = this.store.readAll();
		Map<Long, Long> known = this.versions;
		this.versions = stored.versions();
		CatalogSnapshot next = new CatalogSnapshot(stored.revision(),
				build(stored.groups(), former, new Unchanged(sameSettings, known, stored.versions())));
		this.snapshot.set(next);
		this.clients.retain(next.groups().values().stream().map(ServingGroup::transport).collect(Collectors.toSet()));
		this.events.publishEvent(new CatalogReplaced(former, next));
	}

	private Map<String, ServingGroup> build(List<Group> groups, CatalogSnapshot former, Unchanged unchanged) {
		Map<String, ServingGroup> serving = new HashMap<>();
		for (Group group : groups) {
			if (!group.aggregate()) {
				put(serving, group, (one, before) -> serving(one, before, unchanged), former);
			}
		}
		Map<String, ServingGroup> aggregates = new HashMap<>();
		for (Group group : groups) {
			if (group.aggregate()) {
				put(aggregates, group, (one, before) -> make(one, before, tiers(one, serving)), former);
			}
		}
		serving.putAll(aggregates);
		return serving;
	}

	/** One group that cannot be served as it is stored must not stop the others. */
	private static void put(Map<String, ServingGroup> serving, Group group,
			BiFunction<Group, @Nullable ServingGroup, ServingGroup> maker, CatalogSnapshot former) {
		ServingGroup before = former.groups().get(group.name());
		try {
			serving.put(group.name(), maker.apply(group, before));
		}
		catch (RuntimeException ex) {
			logger.error("Group {} cannot be served as it is stored ({})", group.name(),
					(before != null) ? "it goes on as it was" : "it answers 404", ex);
			if (before != null) {
				serving.put(group.name(), before);
			}
		}
	}

	private ServingGroup serving(Group group, @Nullable ServingGroup former, Unchanged unchanged) {
		if (former == null || !former.readable() || !unchanged.settings()) {
			return make(group, former, MemberTiers.none());
		}
		if (former.group().equals(group)) {
			return former;
		}
		// Sealed anew with a key this node does not have: what it opened before is still
		// right.
		return (unchanged.is(group) && !this.secrets.open(group).complete()) ? former
				: make(group, former, MemberTiers.none());
	}

	private ServingGroup make(Group group, @Nullable ServingGroup former, MemberTiers members) {
		Provider provider = Providers.find(group.provider());
		if (provider == null) {
			throw new IllegalStateException("Group '%s' has provider '%s' (expected: one of %s)".formatted(group.name(),
					group.provider(), Providers.names()));
		}
		GroupSecrets.Opened opened = this.secrets.open(group);
		boolean readable = opened.complete() && this.settings.readable(opened.group().settings());
		tellReadable(group.name(), readable, former == null || former.readable());
		EffectiveSettings effective = this.settings.effective(opened.group().settings());
		return new ServingGroup(group, provider, effective, TransportSettings.of(effective),
				upstreams(readable ? group.upstreams() : List.of(), effective, former),
				opened.group().headerRules().stream().map(HeaderTemplate::of).toList(),
				JsonMergePatch.of(group.bodyOverrides()), members, readable);
	}

	private static void tellReadable(String group, boolean now, boolean before) {
		if (before && !now) {
			logger.error("Group {} answers 503: a header rule or setting of it is sealed with an encryption key this "
					+ "node does not have", group);
		}
		else if (now && !before) {
			logger.info("Group {} serves again: its secrets are readable", group);
		}
	}

	private UpstreamSet upstreams(List<Group.UpstreamUrl> upstreams, EffectiveSettings effective,
			@Nullable ServingGroup former) {
		Map<String, Integer> weights = new LinkedHashMap<>();
		upstreams.forEach((upstream) -> weights.merge(upstream.url(), upstream.weight(), Integer::sum));
		return UpstreamSet.of(weights, effective.outlierThreshold(), effective.slowStart(), this.time,
				(former != null) ? former.upstreams() : null);
	}

	private static MemberTiers tiers(Group aggregate, Map<String, ServingGroup> serving) {
		return MemberTiers.of(aggregate.members().stream().flatMap((member) -> {
			ServingGroup group = serving.get(member.group());
			return (group == null || !group.group().enabled()) ? java.util.stream.Stream.<ServingMember>empty()
					: java.util.stream.Stream.of(new ServingMember(group, member.weight(), member.priority(),
							new ModelPatterns(member.models())));
		}).toList());
	}

	@Override
	public void start() {
		reload();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return 0;
	}

	/**
	 * What is as it was when groups were read last.
	 *
	 * @param settings whether the system settings are
	 * @param former versions of groups then
	 * @param current versions of groups now
	 */
	private record Unchanged(boolean settings, Map<Long, Long> former, Map<Long, Long> current) {

		boolean is(Group group) {
			return Objects.equals(this.former.get(group.id()), this.current.get(group.id()));
		}

	}

	/**
	 * News that the snapshot was replaced.
	 *
	 * @param former snapshot before
	 * @param current snapshot from now on
	 */
	public record CatalogReplaced(CatalogSnapshot former, CatalogSnapshot current) {
	}

}
