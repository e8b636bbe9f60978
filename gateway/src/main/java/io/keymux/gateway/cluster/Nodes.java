package io.keymux.gateway.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/**
 * Every five seconds compares what is in memory with what is stored, reads again where a
 * change notice was missed, and tells the others how this node is.
 */
@Service
public class Nodes implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Nodes.class);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final Duration SILENCE = Duration.ofSeconds(15);

	private static final Duration FAREWELL = Duration.ofSeconds(2);

	private static final Duration FORGOTTEN = Duration.ofHours(1);

	/** After everything that is compared has been read, stopped before it. */
	private static final int PHASE = 50;

	private final Node node;

	private final NodeTable table;

	private final Revisions revisions;

	private final List<Replica> replicas;

	private final List<NodeCondition> conditions;

	private final SettingsFingerprint settings;

	private final InstantSource time;

	private final LiveNodes live;

	private final String version;

	private final Instant startedAt;

	private final Ticker ticker = new Ticker("nodes", INTERVAL, this::check);

	private boolean failing;

	Nodes(Node node, NodeTable table, Revisions revisions, List<Replica> replicas, List<NodeCondition> conditions,
			SettingsFingerprint settings, InstantSource time, LiveNodes live,
			@Value("${keymux.version:}") String version) {
		this.node = node;
		this.table = table;
		this.revisions = revisions;
		this.replicas = List.copyOf(replicas);
		this.conditions = List.copyOf(conditions);
		this.settings = settings;
		this.time = time;
		this.live = live;
		String built = Nodes.class.getPackage().getImplementationVersion();
		this.version = !version.isEmpty() ? version : (built != null) ? built : "development";
		this.startedAt = time.instant();
	}

	/**
	 * The nodes that were seen within the last hour, and how they are. Blocks.
	 * @return nodes, the oldest first
	 */
	public List<NodeState> list() {
		Map<String, Long> stored = this.revisions.read();
		String expected = this.settings.settingsFingerprint();
		Instant silent = this.time.instant().minus(SILENCE);
		return this.table.findAll()
			.stream()
			.map((record) -> new NodeState(record, record.seenAt().isAfter(silent), behind(record, stored, expected)))
			.toList();
	}

	private static List<String> behind(NodeRecord record, Map<String, Long> stored, String expectedSettings) {
		List<String> behind = new java.util.ArrayList<>();
		record.revisions().forEach((name, revision) -> {
			if (stored.getOrDefault(name, 0L) > revision) {
				behind.add(name);
			}
		});
		if (!behind.contains("settings") && !Objects.equals(record.settings(), expectedSettings)) {
			behind.add("settings");
		}
		return behind;
	}

	/** Looks now, without waiting for the next time. Blocks. */
	synchronized void check() {
		try {
			Map<String, Long> stored = this.revisions.read();
			this.replicas.forEach((replica) -> heal(replica, stored));
			report();
			this.failing = false;
		}
		catch (DataAccessException | TransactionException ex) {
			if (!this.failing) {
				logger.warn("The database does not answer; this node serves on with what it knows ({})",
						ex.getClass().getSimpleName());
			}
			this.failing = true;
		}
		catch (RuntimeException ex) {
			logger.error("The look at other nodes' changes failed", ex);
		}
	}

	private void heal(Replica replica, Map<String, Long> stored) {
		try {
			if (replica.behind(stored)) {
				long before = replica.revision();
				replica.reload();
				if (replica.revision() > before) {
					logger.info("A change of {} was missed and is made up for (revision {}, now {})", replica.name(),
							before, replica.revision());
				}
			}
		}
		catch (DataAccessException | TransactionException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			logger.error("{} could not be read again", replica.name(), ex);
		}
	}

	private void report() {
		Instant now = this.time.instant();
		Map<String, Long> inMemory = new TreeMap<>();
		this.replicas.forEach((replica) -> inMemory.put(replica.name(), replica.revision()));
		List<String> warnings = this.conditions.stream()
			.map(NodeCondition::warning)
			.filter(Objects::nonNull)
			.map(String::valueOf)
			.toList();
		this.table.write(new NodeRecord(this.node.id(), this.version, this.startedAt, now, inMemory,
				this.settings.settingsFingerprint(), warnings));
		this.table.deleteSilent(now.minus(FORGOTTEN));
		this.live
			.saw(this.table.findAll().stream().filter((other) -> other.seenAt().isAfter(now.minus(SILENCE))).count());
	}

	@Override
	public void start() {
		this.ticker.start(Duration.ZERO);
	}

	/**
	 * A node that ends by itself is not one that fell silent; a database that is away
	 * does not hold it up.
	 */
	@Override
	public void stop() {
		if (!this.ticker.running()) {
			return;
		}
		this.ticker.stop();
		try {
			Thread.ofVirtual().name("nodes-farewell").start(this::leave).join(FAREWELL);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized void leave() {
		try {
			this.table.delete(this.node.id());
		}
		catch (DataAccessException | TransactionException ex) {
			logger.debug("This node stays listed until it is forgotten", ex);
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticker.running();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * A node as another one sees it.
	 *
	 * @param record what it last told
	 * @param live whether that was within the last seconds
	 * @param behind names of what it has not taken in yet
	 */
	public record NodeState(NodeRecord record, boolean live, List<String> behind) {
	}

}
