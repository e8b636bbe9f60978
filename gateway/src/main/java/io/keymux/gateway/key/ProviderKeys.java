package io.keymux.gateway.key;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.KeyHash;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.group.StoredGroup;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** What an operator may do with provider keys; all methods block. */
@Service
public class ProviderKeys {

	/**
	 * Up to here a change notice names the keys; beyond it says that any may have
	 * changed.
	 */
	private static final int NAMED = 1000;

	private final ProviderKeyTable table;

	private final Groups groups;

	private final KeyedHasher hasher;

	private final ObjectProvider<LiveKeyStates> live;

	private final AuditLog audit;

	private final ChangeBus changes;

	private final InstantSource time;

	ProviderKeys(ProviderKeyTable table, Groups groups, KeyedHasher hasher, ObjectProvider<LiveKeyStates> live,
			AuditLog audit, ChangeBus changes, InstantSource time) {
		this.table = table;
		this.groups = groups;
		this.hasher = hasher;
		this.live = live;
		this.audit = audit;
		this.changes = changes;
		this.time = time;
	}

	/**
	 * Lists keys of a group.
	 * @param groupName the group
	 * @param query which of them
	 * @return one page of keys, in the order they were added
	 */
	public KeyPage list(String groupName, KeyQuery query) {
		long groupId = group(groupName).id();
		if (query.condition() == null) {
			List<ProviderKey> keys = this.table.page(groupId, query)
				.stream()
				.map((key) -> fresh(groupId, key))
				.toList();
			return new KeyPage(keys, this.table.count(groupId, query));
		}
		List<Long> ids = ids(groupId, query);
		List<Long> page = ids.stream().skip(query.offset()).limit(query.size()).toList();
		List<ProviderKey> keys = this.table.findAll(groupId, page).stream().map((key) -> fresh(groupId, key)).toList();
		return new KeyPage(keys, ids.size());
	}

	/**
	 * Adds keys; those the group has already are ignored.
	 * @param actor who wants it
	 * @param groupName the group
	 * @param keys the keys
	 * @return how many were added and ignored
	 */
	public AddedKeys add(Actor actor, String groupName, List<NewKey> keys) {
		Map<KeyHash, NewKey> distinct = distinct(keys);
		return this.changes.write(() -> {
			AddedKeys added = insert(groupName, distinct, keys.size());
			if (added.added() > 0) {
				this.audit.record(actor, "provider-key.add", groupName, null, added);
			}
			return added;
		});
	}

	private AddedKeys insert(String groupName, Map<KeyHash, NewKey> distinct, int given) {
		return this.changes.write(() -> {
			this.table.lock(group(groupName).id());
			// Only now: meanwhile it may have become an aggregate, or be gone.
			Group group = checkTakesKeys(groupName);
			long last = this.table.lastId(group.id());
			int added = this.table.insert(group.id(), distinct);
			if (added > 0) {
				Set<Long> ids = (added <= NAMED) ? Set.copyOf(this.table.idsAfter(group.id(), last)) : Set.of();
				changed(group.id(), ids);
			}
			return new AddedKeys(added, given - added);
		});
	}

	/**
	 * Makes keys present with weight and note as given; keys that are not named stay as
	 * they are.
	 * @param actor who wants it
	 * @param groupName the group
	 * @param keys the keys
	 * @param only whether the group is to have no other keys
	 */
	public void declare(Actor actor, String groupName, List<NewKey> keys, boolean only) {
		Map<KeyHash, NewKey> wanted = distinct(keys);
		this.changes.write(() -> {
			long groupId = group(groupName).id();
			Set<KeyHash> named = Set.copyOf(wanted.keySet());
			for (ProviderKeyTable.Hashed stored : this.table.findAllHashed(groupId, wanted.keySet())) {
				NewKey key = Objects.requireNonNull(wanted.remove(stored.hash()));
				KeyEdit edit = new KeyEdit(key.enabled(), key.weight(), key.note());
				if (!edit.equals(stored.edit())) {
					update(actor, groupName, stored.id(), (_) -> edit);
				}
			}
			if (only) {
				deleteOthers(actor, groupName, groupId, named);
			}
			return add(actor, groupName, List.copyOf(wanted.values()));
		});
	}

	private void deleteOthers(Actor actor, String groupName, long groupId, Set<KeyHash> kept) {
		List<Long> others = this.table.findOthers(groupId, kept);
		if (!others.isEmpty()) {
			this.table.delete(groupId, others);
			changed(groupId, Set.of());
			this.audit.record(actor, "provider-key.delete", groupName, Map.of("keys", others.size()), null);
		}
	}

	/**
	 * Changes a key.
	 * @param actor who wants it
	 * @param groupName the group
	 * @param id the key
	 * @param change makes the new values from the stored ones
	 * @return the key as changed
	 */
	public ProviderKey update(Actor actor, String groupName, long id, UnaryOperator<KeyEdit> change) {
		return this.changes.write(() -> {
			Group group = group(groupName);
			this.table.lock(group.id());
			ProviderKey stored = this.table.find(group.id(), id).orElseThrow(() -> missing(groupName, id));
			KeyEdit before = new KeyEdit(stored.enabled(), stored.weight(), stored.note());
			KeyEdit edit = change.apply(before);
			FieldErrors errors = new FieldErrors();
			ProviderKeyRules.check(errors, "", edit.weight(), edit.note());
			errors.throwIfAny();
			if (!edit.equals(before)) {
				this.table.update(id, edit);
				changed(group.id(), Set.of(id));
				this.audit.record(actor, "provider-key.update", groupName, Noted.of(stored, before),
						Noted.of(stored, edit));
			}
			return fresh(group.id(),
					new ProviderKey(id, stored.masked(), edit.enabled(), edit.weight(), edit.note(), stored.state()));
		});
	}

	/**
	 * Deletes a key.
	 * @param actor who wants it
	 * @param groupName the group
	 * @param id the key
	 */
	public void delete(Actor actor, String groupName, long id) {
		this.changes.write(() -> {
			Group group = group(groupName);
			ProviderKey stored = this.table.find(group.id(), id).orElseThrow(() -> missing(groupName, id));
			this.table.delete(group.id(), List.of(id));
			changed(group.id(), Set.of(id));
			this.audit.record(actor, "provider-key.delete", groupName,
					Noted.of(stored, new KeyEdit(stored.enabled(), stored.weight(), stored.note())), null);
			return group;
		});
	}

	/**
	 * Adds keys as a part of something larger, which notes it in the audit log.
	 * @param groupName the group
	 * @param keys the keys
	 * @return how many were added and ignored
	 */
	public AddedKeys addSome(String groupName, List<NewKey> keys) {
		return insert(groupName, distinct(keys), keys.size());
	}

	/**
	 * The keys of a group that a query means.
	 * @param groupName the group
	 * @param query which of them; the page does not matter
	 * @return their ids, in the order they were added
	 */
	public List<Long> select(String groupName, KeyQuery query) {
		return ids(group(groupName).id(), query);
	}

	/**
	 * Lets keys take turns, or not.
	 * @param groupName the group
	 * @param ids the keys, some hundreds at most
	 * @param enabled whether they may take turns
	 * @return how many of them changed
	 */
	public int enable(String groupName, Collection<Long> ids, boolean enabled) {
		return changeSome(groupName, ids, (groupId) -> this.table.enable(groupId, ids, enabled));
	}

	/**
	 * Deletes keys.
	 * @param groupName the group
	 * @param ids the keys, some hundreds at most
	 * @return how many of them there were
	 */
	public int delete(String groupName, Collection<Long> ids) {
		return changeSome(groupName, ids, (groupId) -> this.table.delete(groupId, ids));
	}

	private int changeSome(String groupName, Collection<Long> ids, ToIntFunction<Long> change) {
		return this.changes.write(() -> {
			long groupId = group(groupName).id();
			this.table.lock(groupId);
			changed(groupId, Set.copyOf(ids));
			return change.applyAsInt(groupId);
		});
	}

	/**
	 * Lets keys take turns again whatever they did.
	 * @param groupName the group
	 * @param ids the keys
	 * @return how many of them exist
	 */
	public int restore(String groupName, Collection<Long> ids) {
		long groupId = group(groupName).id();
		List<Long> restored = this.changes.write(() -> this.table.restore(groupId, ids));
		this.live.ifAvailable((states) -> states.restore(groupId, restored));
		return restored.size();
	}

	/**
	 * Copies a group under another name.
	 * @param actor who wants it
	 * @param groupName the group
	 * @param newName name of the copy
	 * @param kept which keys the copy has as well, or null for none
	 * @return the copy
	 */
	public StoredGroup copy(Actor actor, String groupName, String newName, @Nullable KeyQuery kept) {
		return this.changes.write(() -> {
			StoredGroup copy = this.groups.copy(actor, groupName, newName);
			long groupId = group(groupName).id();
			List<Long> ids = (kept != null) ? ids(groupId, kept) : List.of();
			int copied = this.table.copy(groupId, copy.group().id(), ids);
			if (copied > 0) {
				changed(copy.group().id(), Set.of());
				this.audit.record(actor, "provider-key.add", newName, null,
						Map.of("added", copied, "copiedFrom", groupName));
			}
			return copy;
		});
	}

	/**
	 * Reads the keys themselves.
	 * @param groupName the group
	 * @param ids the keys
	 * @return those that exist, in the order they were added
	 * @throws Problem.Conflict if this node cannot open one of them
	 */
	public List<NewKey> secrets(String groupName, Collection<Long> ids) {
		ProviderKeyStore.StoredKeys keys = this.table.read(group(groupName).id(), ids);
		if (!keys.unreadable().isEmpty()) {
			throw new Problem.Conflict(
					"%d keys of group '%s' are sealed with an encryption key this node does not have (expected: none)."
						.formatted(keys.unreadable().size(), groupName));
		}
		return keys.readable()
			.stream()
			.map((key) -> new NewKey(key.secret(), key.weight(), key.note(), key.enabled()))
			.toList();
	}

	/**
	 * Makes sure that a group may have keys.
	 * @param groupName the group
	 * @return the group
	 * @throws Problem if there is no such group, or it is an aggregate
	 */
	public Group checkTakesKeys(String groupName) {
		Group group = group(groupName);
		if (group.aggregate()) {
			throw new Problem.Conflict("Group '%s' is an aggregate: its members hold the keys.".formatted(groupName));
		}
		return group;
	}

	/**
	 * Refuses what can be no provider key, without repeating it.
	 * @param field where it was found
	 * @param secret what may be a key
	 */
	public static void check(String field, String secret) {
		FieldErrors errors = new FieldErrors();
		ProviderKeyRules.check(errors, field, NewKey.of(secret));
		errors.throwIfAny();
	}

	private void changed(long groupId, Set<Long> ids) {
		this.changes.announce(new KeysChanged(groupId, ids, this.table.nextRevision(groupId)));
	}

	private Map<KeyHash, NewKey> distinct(List<NewKey> keys) {
		check(keys);
		Map<KeyHash, NewKey> distinct = new LinkedHashMap<>();
		keys.forEach((key) -> distinct.putIfAbsent(this.hasher.hash(key.secret()), key));
		return distinct;
	}

	private static void check(List<NewKey> keys) {
		FieldErrors errors = new FieldErrors();
		for (int i = 0; i < keys.size(); i++) {
			ProviderKeyRules.check(errors, "keys[%d]".formatted(i), keys.get(i));
		}
		errors.throwIfAny();
	}

	private List<Long> ids(long groupId, KeyQuery query) {
		Map<Long, KeyState> states = liveStates(groupId);
		Instant now = this.time.instant();
		return this.table.healths(groupId, query).stream().filter((health) -> {
			KeyState state = states.get(health.id());
			KeyStatus status = (state != null) ? state.status() : health.status();
			return query.condition() == null || KeyCondition.of(health.enabled(), status, now) == query.condition();
		}).map(ProviderKeyTable.Health::id).toList();
	}

	private Map<Long, KeyState> liveStates(long groupId) {
		LiveKeyStates states = this.live.getIfAvailable();
		return (states != null) ? states.findAll(groupId) : Map.of();
	}

	private ProviderKey fresh(long groupId, ProviderKey stored) {
		LiveKeyStates states = this.live.getIfAvailable();
		return (states != null) ? states.find(groupId, stored.id()).map(stored::with).orElse(stored) : stored;
	}

	private Group group(String name) {
		return this.groups.get(name).group();
	}

	private static Problem missing(String groupName, long id) {
		return new Problem.NotFound("Group '%s' has no key %d.".formatted(groupName, id));
	}

	/**
	 * A page of keys.
	 *
	 * @param keys the keys of the page
	 * @param total keys on all pages
	 */
	public record KeyPage(List<ProviderKey> keys, long total) {
	}

	/**
	 * What became of keys to be added.
	 *
	 * @param added keys that are new
	 * @param ignored keys the group had already, or that were given twice
	 */
	public record AddedKeys(int added, int ignored) {

		/**
		 * The sum of two.
		 * @param more what became of more keys
		 * @return what became of all
		 */
		public AddedKeys plus(AddedKeys more) {
			return new AddedKeys(this.added + more.added, this.ignored + more.ignored);
		}

	}

	/** A key as the audit log notes it. */
	private record Noted(long id, String masked, boolean enabled, int weight, @Nullable String note) {

		static Noted of(ProviderKey key, KeyEdit edit) {
			return new Noted(key.id(), key.masked(), edit.enabled(), edit.weight(), edit.note());
		}

	}

}
