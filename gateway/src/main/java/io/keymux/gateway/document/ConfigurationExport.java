package io.keymux.gateway.document;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.keymux.gateway.access.AccessKey;
import io.keymux.gateway.access.AccessKeys;
import io.keymux.gateway.access.StoredAccessKey;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.group.Group;
import io.keymux.gateway.group.Groups;
import io.keymux.gateway.group.StoredGroup;
import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.price.PriceList;
import io.keymux.gateway.price.StoredPrice;
import io.keymux.gateway.setting.StoredSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes the whole configuration as one document, which an import takes back. */
@Service
public class ConfigurationExport {

	static final int VERSION = 1;

	private final StoredSettings settings;

	private final Groups groups;

	private final ProviderKeys keys;

	private final AccessKeys accessKeys;

	private final PriceList prices;

	private final KeyedHasher hasher;

	private final AuditLog audit;

	private final JsonMapper json;

	/** Nobody's change is half in a document. */
	private final TransactionTemplate snapshot;

	ConfigurationExport(StoredSettings settings, Groups groups, ProviderKeys keys, AccessKeys accessKeys,
			PriceList prices, KeyedHasher hasher, AuditLog audit, PlatformTransactionManager transactionManager,
			JsonMapper json) {
		this.settings = settings;
		this.groups = groups;
		this.keys = keys;
		this.accessKeys = accessKeys;
		this.prices = prices;
		this.hasher = hasher;
		this.audit = audit;
		this.json = json;
		this.snapshot = new TransactionTemplate(transactionManager);
		this.snapshot.setReadOnly(true);
		this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
	}

	/**
	 * Writes the configuration.
	 * @param actor who wants it
	 * @param secrets whether provider keys, secret values and the hashes of access keys
	 * are in it
	 * @return the document
	 */
	public ObjectNode document(Actor actor, boolean secrets) {
		ObjectNode document = Objects.requireNonNull(this.snapshot.execute((_) -> read(secrets)));
		this.audit.record(actor, "configuration.export", "", null, Map.of("secrets", secrets));
		return document;
	}

	private ObjectNode read(boolean secrets) {
		ObjectNode document = this.json.createObjectNode();
		document.put("version", VERSION);
		if (secrets) {
			document.put("database", this.hasher.fingerprint());
		}
		ObjectNode settingNodes = document.putObject("settings");
		this.settings.shown(secrets).forEach(settingNodes::put);
		ArrayNode groupNodes = document.putArray("groups");
		for (StoredGroup stored : this.groups.list()) {
			groupNodes.add(group(stored.group(), secrets));
		}
		ArrayNode accessKeyNodes = document.putArray("accessKeys");
		Map<Long, String> hashes = secrets ? this.accessKeys.hashes() : Map.of();
		for (StoredAccessKey stored : this.accessKeys.list()) {
			accessKeyNodes.add(accessKey(stored.key(), hashes.get(stored.key().id())));
		}
		ArrayNode priceNodes = document.putArray("prices");
		for (StoredPrice stored : this.prices.own()) {
			ObjectNode price = this.json.valueToTree(PriceBody.of(stored.price()));
			price.properties().removeIf((field) -> field.getValue().isNull());
			priceNodes.add(price);
		}
		return document;
	}

	private ObjectNode group(Group group, boolean secrets) {
		ObjectNode node = this.json
			.valueToTree(secrets ? GroupBody.revealed(this.groups.reveal(group)) : GroupBody.of(group));
		if (group.aggregate()) {
			node.remove("upstreams");
		}
		else {
			node.remove("members");
		}
		node.properties().removeIf((field) -> field.getValue().isNull());
		if (secrets && !group.aggregate()) {
			List<Long> ids = this.keys.select(group.name(), KeyQuery.all(null));
			ArrayNode keyNodes = node.putArray("keys");
			this.keys.secrets(group.name(), ids).forEach((key) -> keyNodes.add(key(key)));
		}
		return node;
	}

	private ObjectNode key(NewKey key) {
		ObjectNode node = this.json.createObjectNode();
		node.put("key", key.secret()).put("weight", key.weight()).put("enabled", key.enabled());
		if (key.note() != null) {
			node.put("note", key.note());
		}
		return node;
	}

	private ObjectNode accessKey(AccessKey key, @org.jspecify.annotations.Nullable String hash) {
		ObjectNode node = this.json.valueToTree(AccessKeyBody.of(key));
		node.properties().removeIf((field) -> field.getValue().isNull());
		if (hash != null) {
			node.put("masked", key.masked()).put("keyHash", hash);
		}
		return node;
	}

}
