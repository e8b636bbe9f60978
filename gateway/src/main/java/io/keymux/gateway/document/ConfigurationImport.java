package io.keymux.gateway.document;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import io.keymux.gateway.access.AccessKeys;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditEntry;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.group.StoredGroup;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.price.Price;
import io.keymux.gateway.price.PriceList;
import io.keymux.gateway.price.StoredPrice;
import io.keymux.gateway.setting.StoredSettings;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Service;

/**
 * Takes a document of groups with their keys, access keys and prices, by name; all of it
 * or nothing.
 */
@Service
public class ConfigurationImport {

	private final Documents documents;

	private final StoredSettings settings;

	private final Groups groups;

	private final ProviderKeys keys;

	private final AccessKeys accessKeys;

	private final PriceList prices;

	private final KeyedHasher hasher;

	private final AuditLog audit;

	private final ChangeBus changes;

	ConfigurationImport(Documents documents, StoredSettings settings, Groups groups, ProviderKeys keys,
			AccessKeys accessKeys, PriceList prices, KeyedHasher hasher, AuditLog audit, ChangeBus changes) {
		this.documents = documents;
		this.settings = settings;
		this.groups = groups;
		this.keys = keys;
		this.accessKeys = accessKeys;
		this.prices = prices;
		this.hasher = hasher;
		this.audit = audit;
		this.changes = changes;
	}

	/**
	 * Applies a document.
	 * @param actor who wants it
	 * @param document the document; errors name the field from its root
	 * @param mode what else is to happen
	 * @return what changed
	 */
	public ImportResult apply(Actor actor, JsonNode document, Mode mode) {
		ConfigurationDocument parts = ConfigurationDocument.read(this.documents, document);
		List<ImportResult.Issued> issued = new ArrayList<>();
		List<AuditEntry> entries = this.audit.watch(() -> {
			Runnable write = () -> write(actor, parts, mode, issued);
			if (mode.dryRun()) {
				this.changes.rehearse(write);
			}
			else {
				this.changes.write(() -> {
					write.run();
					return parts;
				});
			}
		});
		return new ImportResult(mode.dryRun(), entries.stream().map(ConfigurationImport::change).toList(), mode.dryRun()
				? issued.stream().map((key) -> new ImportResult.Issued(key.name(), null)).toList() : issued);
	}

	private void write(Actor actor, ConfigurationDocument document, Mode mode, List<ImportResult.Issued> issued) {
		List<ConfigurationDocument.GroupEntry> entries = document.groups();
		write(actor, document.settings(), mode);
		// Aggregates come last: their members may stand below them.
		for (boolean aggregate : new boolean[] { false, true }) {
			for (int i = 0; i < entries.size(); i++) {
				ConfigurationDocument.GroupEntry entry = entries.get(i);
				if (entry.aggregate() == aggregate) {
					ConfigurationDocument.within("groups[%d]".formatted(i), () -> write(actor, entry, mode.prune()));
				}
			}
		}
		order(actor, entries);
		AccessKeyImport callers = new AccessKeyImport(this.accessKeys, actor, mode.issuesKeys(),
				this.hasher.fingerprint().equals(document.database()));
		for (int i = 0; i < document.accessKeys().size(); i++) {
			ConfigurationDocument.AccessKeyEntry wanted = document.accessKeys().get(i);
			ConfigurationDocument.within("accessKeys[%d]".formatted(i), () -> callers.write(wanted));
		}
		issued.addAll(callers.issued());
		writePrices(actor, document.prices(), mode);
		if (mode.prune()) {
			prune(actor, document);
		}
	}

	private void write(Actor actor, @Nullable Map<String, String> wanted, Mode mode) {
		if (wanted != null && mode.prune()) {
			this.settings.replace(actor, wanted);
		}
		else if (wanted != null) {
			this.settings.patch(actor, new TreeMap<>(wanted));
		}
	}

	private void write(Actor actor, ConfigurationDocument.GroupEntry entry, boolean only) {
		GroupBody body = entry.body();
		String name = body.name();
		String stored = ((name != null && this.groups.find(name).isPresent())
				? this.groups.update(actor, name, null, (group) -> body.group(group.id(), name))
				: this.groups.create(actor, body.group(0, null)))
			.group()
			.name();
		if (entry.keys() != null) {
			this.keys.declare(actor, stored, entry.keys(), only);
		}
	}

	private void writePrices(Actor actor, @Nullable List<Price> wanted, Mode mode) {
		if (wanted == null) {
			return;
		}
		for (int i = 0; i < wanted.size(); i++) {
			Price price = wanted.get(i);
			ConfigurationDocument.within("prices[%d]".formatted(i), () -> write(actor, price));
		}
		if (mode.prune()) {
			Set<Price> named = Set.copyOf(wanted);
			this.prices.own()
				.stream()
				.filter((stored) -> !named.contains(stored.price()))
				.forEach((stored) -> this.prices.delete(actor, stored.id(), null));
		}
	}

	private void write(Actor actor, Price price) {
		Optional<StoredPrice> stored = this.prices.find(price.provider(), price.model(), price.validFrom());
		if (stored.isPresent()) {
			this.prices.update(actor, stored.get().id(), null, (_) -> price);
		}
		else {
			this.prices.create(actor, price);
		}
	}

	/** The groups of the document share their places in its order; others keep theirs. */
	private void order(Actor actor, List<ConfigurationDocument.GroupEntry> entries) {
		List<String> wanted = entries.stream().map((entry) -> String.valueOf(entry.body().name())).distinct().toList();
		Set<String> named = Set.copyOf(wanted);
		Iterator<String> next = wanted.iterator();
		List<String> order = this.groups.list()
			.stream()
			.map((stored) -> stored.group().name())
			.map((name) -> named.contains(name) ? next.next() : name)
			.toList();
		this.groups.order(actor, order);
	}

	/** Deletes what the document does not name, aggregates before their members. */
	private void prune(Actor actor, ConfigurationDocument document) {
		Set<@Nullable String> callers = new HashSet<>();
		document.accessKeys().forEach((key) -> callers.add(key.key().body().name()));
		this.accessKeys.list()
			.stream()
			.filter((stored) -> !callers.contains(stored.key().name()))
			.forEach((stored) -> this.accessKeys.delete(actor, stored.key().id(), null));
		Set<@Nullable String> named = new HashSet<>();
		document.groups().forEach((entry) -> named.add(entry.body().name()));
		List<StoredGroup> others = this.groups.list()
			.stream()
			.filter((stored) -> !named.contains(stored.group().name()))
			.toList();
		for (boolean aggregate : new boolean[] { true, false }) {
			others.stream()
				.filter((stored) -> stored.group().aggregate() == aggregate)
				.forEach((stored) -> this.groups.delete(actor, stored.group().name(), null));
		}
	}

	private static ImportResult.Change change(AuditEntry entry) {
		Map<String, ImportResult.Difference> fields = new TreeMap<>();
		JsonNode before = entry.before();
		JsonNode after = entry.after();
		Set<String> names = new HashSet<>();
		if (before != null) {
			names.addAll(before.propertyNames());
		}
		if (after != null) {
			names.addAll(after.propertyNames());
		}
		for (String name : names) {
			JsonNode old = present(before, name);
			JsonNode now = present(after, name);
			if (!name.equals("id") && !java.util.Objects.equals(old, now)) {
				fields.put(name, new ImportResult.Difference(old, now));
			}
		}
		return new ImportResult.Change(entry.action(), entry.target(), fields);
	}

	private static @Nullable JsonNode present(@Nullable JsonNode document, String name) {
		JsonNode value = (document != null) ? document.get(name) : null;
		return (value == null || value.isNull()) ? null : value;
	}

	/**
	 * How a document is applied.
	 *
	 * @param dryRun whether it is only told what would change
	 * @param prune whether groups and access keys that the document does not name, and
	 * keys and prices that a list of them does not name, are deleted
	 * @param issuesKeys whether access keys without a secret get a new one; refused
	 * otherwise
	 */
	public record Mode(boolean dryRun, boolean prune, boolean issuesKeys) {

		/**
		 * Nobody looks on: nothing is deleted, and there is no one to show a secret to.
		 */
		public static Mode unattended() {
			return new Mode(false, false, false);
		}

	}

}
