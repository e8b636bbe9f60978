package io.keymux.gateway.management;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.keymux.gateway.testkit.Await;

import static org.assertj.core.api.Assertions.assertThat;

/** Callers who go on asking while a test does other things, and note what is refused. */
final class Traffic implements AutoCloseable {

	private static final int CALLERS = 2;

	private final List<String> groups;

	private final List<String> failures = new CopyOnWriteArrayList<>();

	private final AtomicInteger answers = new AtomicInteger();

	private final AtomicIntegerArray rounds = new AtomicIntegerArray(CALLERS);

	private final CountDownLatch ended = new CountDownLatch(CALLERS);

	private volatile List<TestNode> nodes;

	private volatile boolean stopping;

	private Traffic(List<String> groups, List<TestNode> nodes) {
		this.groups = groups;
		this.nodes = nodes;
	}

	static Traffic start(List<String> groups, TestNode... nodes) {
		Traffic traffic = new Traffic(groups, List.of(nodes));
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			Thread.ofVirtual().name("caller-" + i).start(() -> traffic.call(caller));
		}
		traffic.awaitRounds();
		return traffic;
	}

	private void call(int caller) {
		while (!this.stopping) {
			for (TestNode node : this.nodes) {
				this.groups.forEach((group) -> call(node, group));
			}
			this.rounds.incrementAndGet(caller);
		}
		this.ended.countDown();
	}

	private void call(TestNode node, String group) {
		try {
			HttpResponse<String> answer = node.chat(group);
			this.answers.incrementAndGet();
			if (answer.statusCode() != 200) {
				this.failures.add("%s: %d %s".formatted(group, answer.statusCode(), answer.body()));
			}
		}
		catch (UncheckedIOException ex) {
			this.failures.add("%s: %s".formatted(group, ex.getCause()));
		}
	}

	/** Sends callers to other nodes; when this returns, nobody asks a former one. */
	void moveTo(TestNode... newNodes) {
		this.nodes = List.of(newNodes);
		awaitRounds();
	}

	/** Two rounds: one of them began after this was called. */
	private void awaitRounds() {
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			int before = this.rounds.get(caller);
			Await.until("caller " + caller, () -> this.rounds.get(caller) >= before + 2);
		}
	}

	int answers() {
		return this.answers.get();
	}

	void expectNoFailure() {
		assertThat(this.failures).isEmpty();
		assertThat(this.answers).hasPositiveValue();
	}

	@Override
	public void close() {
		this.stopping = true;
		Await.until("end of traffic", () -> this.ended.getCount() == 0);
	}

}
