package io.keymux.gateway.group;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.problem.FieldErrors;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** What an operator may do with groups; all methods block. */
@Service
public class Groups {

	private final GroupTables tables;

	private final GroupRules rules;

	private final GroupSecrets secrets;

	private final List<GroupGuard> guards;

	private final AuditLog audit;

	private final ChangeBus changes;

	Groups(GroupTables tables, GroupRules rules, GroupSecrets secrets, List<GroupGuard> guards, AuditLog audit,
			ChangeBus changes) {
		this.tables = tables;
		this.rules = rules;
		this.secrets = secrets;
		this.guards = List.copyOf(guards);
		this.audit = audit;
		this.changes = changes;
	}

	@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
	public List<StoredGroup> list() {
		return this.tables.findAll();
	}

	@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
	public Optional<StoredGroup> find(String name) {
		return this.tables.find(name);
	}

	/**
	 * Finds a group that must exist.
	 * @param name its name
	 * @return the group
	 * @throws Problem.NotFound if there is none
	 */
	@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
	public StoredGroup get(String name) {
		return existing(name);
	}

	/**
	 * Adds a group.
	 * @param actor who wants it
	 * @param group the group
	 * @return the group as stored
	 */
	public StoredGroup create(Actor actor, Group group) {
		return write(() -> {
			Group checked = checked(group, null);
			if (this.tables.find(group.name()).isPresent()) {
				throw new Problem.Conflict("Group '%s' exists already.".formatted(group.name()));
			}
			return changed(actor, "group.create", null, this.tables.insert(this.secrets.seal(checked)));
		});
	}

	/**
	 * Copies a group, without its keys.
	 * @param actor who wants it
	 * @param name its name
	 * @param newName name of the copy
	 * @return the copy as stored
	 */
	public StoredGroup copy(Actor actor, String name, String newName) {
		return write(() -> create(actor, reveal(existing(name).group()).named(newName)));
	}

	/**
	 * Opens the secrets of a group.
	 * @param group the group as stored
	 * @return the group with its secrets, not to be kept
	 * @throws Problem.Conflict if this node cannot open one of them
	 */
	public Group reveal(Group group) {
		return this.secrets.reveal(group);
	}

	/**
	 * Puts groups in an order; those that are not named follow as they stood.
	 * @param actor who wants it
	 * @param names names of groups, the first one first
	 */
	public void order(Actor actor, List<String> names) {
		write(() -> {
			List<String> before = names();
			checkOrder(names, before);
			List<String> after = Stream.concat(names.stream(), before.stream().filter((name) -> !names.contains(name)))
				.toList();
			if (!after.equals(before)) {
				this.tables.order(after);
				changed();
				this.audit.record(actor, "group.order", "", Map.of("groups", before), Map.of("groups", after));
			}
			return after;
		});
	}

	private List<String> names() {
		return this.tables.findAll().stream().map((stored) -> stored.group().name()).toList();
	}

	private static void checkOrder(List<String> names, List<String> known) {
		FieldErrors errors = new FieldErrors();
		Set<String> seen = new HashSet<>();
		for (int i = 0; i < names.size(); i++) {
			String name = names.get(i);
			errors.check(known.contains(name), "names[%d]".formatted(i), "'%s' does not exist".formatted(name));
			errors.check(seen.add(name), "names[%d]".formatted(i), "'%s' is named twice".formatted(name));
		}
		errors.throwIfAny();
	}

	/**
	 * Changes a group; writers take turns, so that none overwrites what another has just
	 * written.
	 * @param actor who wants it
	 * @param name its name
	 * @param expectedVersion version the change was made from, or null for any
	 * @param change makes the new group from the stored one
	 * @return the group as stored
	 */
	public StoredGroup update(Actor actor, String name, @Nullable Long expectedVersion, UnaryOperator<Group> change) {
		return write(() -> {
			StoredGroup stored = existing(name);
			checkVersion(stored, expectedVersion);
			Group group = checked(change.apply(stored.group()), stored.group());
			if (group.equals(stored.group())) {
				return stored;
			}
			if (group.aggregate() && !stored.group().aggregate()) {
				this.guards.forEach((guard) -> guard.becomesAggregate(stored.group()));
			}
			return changed(actor, "group.update", stored,
					this.tables.update(this.secrets.seal(group), stored.version() + 1));
		});
	}

	/** The group with the stored secrets that stay; all that is wrong is told at once. */
	private Group checked(Group written, @Nullable Group stored) {
		FieldErrors errors = new FieldErrors();
		Group group = this.secrets.resolve(errors, written, stored);
		this.rules.check(group, errors);
		errors.throwIfAny();
		return group;
	}

	/**
	 * Deletes a group with its keys.
	 * @param actor who wants it
	 * @param name its name
	 * @param expectedVersion version that was seen, or null for any
	 */
	public void delete(Actor actor, String name, @Nullable Long expectedVersion) {
		write(() -> {
			StoredGroup stored = existing(name);
			checkVersion(stored, expectedVersion);
			List<String> aggregates = this.tables.aggregatesOf(name);
			if (!aggregates.isEmpty()) {
				throw new Problem.Conflict(
						"Group '%s' is a member of '%s'.".formatted(name, String.join("', '", aggregates)));
			}
			this.guards.forEach((guard) -> guard.isDeleted(stored.group()));
			this.tables.delete(stored.group().id());
			changed();
			this.audit.record(actor, "group.delete", name, GroupSecrets.shown(stored.group()), null);
			return stored;
		});
	}

	private <T> T write(Supplier<T> write) {
		return this.changes.write(() -> {
			this.tables.lock();
			return write.get();
		});
	}

	private StoredGroup changed(Actor actor, String action, @Nullable StoredGroup before, StoredGroup after) {
		changed();
		this.audit.record(actor, action, after.group().name(),
				(before != null) ? GroupSecrets.shown(before.group()) : null, GroupSecrets.shown(after.group()));
		return after;
	}

	private void changed() {
		this.tables.nextRevision();
		this.changes.announce(new GroupsChanged());
	}

	private StoredGroup existing(String name) {
		return this.tables.find(name)
			.orElseThrow(() -> new Problem.NotFound("Group '%s' does not exist.".formatted(name)));
	}

	private static void checkVersion(StoredGroup stored, @Nullable Long expected) {
		if (expected != null && expected != stored.version()) {
			throw new Problem.Conflict("Group '%s' is at version %d (expected: %d): someone changed it meanwhile."
				.formatted(stored.group().name(), stored.version(), expected));
		}
	}

}
