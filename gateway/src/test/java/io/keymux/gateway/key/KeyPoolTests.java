package io.keymux.gateway.key;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

import io.keymux.gateway.key.KeyPool.Leasing;
import io.keymux.gateway.key.KeyStatus.Active;
import io.keymux.gateway.key.KeyStatus.Cooling;
import io.keymux.gateway.key.KeyStatus.Ejected;
import io.keymux.gateway.key.ProviderKeyStore.StoredKey;
import io.keymux.gateway.key.ProviderKeyStore.StoredKeys;
import io.keymux.gateway.key.ProviderKeyStore.UnreadableKey;
import io.keymux.gateway.provider.Outcome.Accepted;
import io.keymux.gateway.provider.Outcome.CallerRejected;
import io.keymux.gateway.provider.Outcome.KeyRejected;
import io.keymux.gateway.provider.Outcome.Scope;
import io.keymux.gateway.provider.Outcome.Throttled;
import io.keymux.gateway.provider.Outcome.UpstreamFailed;
import io.keymux.gateway.provider.Outcome;
import io.keymux.gateway.testkit.TestTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyPoolTests {

	private static final Duration COOLDOWN = Duration.ofSeconds(30);

	private final TestTime time = new TestTime();

	private final KeyPool pool = new KeyPool(new KeyRules(3, COOLDOWN, Duration.ofSeconds(60)), this.time);

	@Test
	void keysTakeTurnsInOrder() {
		keys(1, 2, 3);
		assertThat(use(6, new Accepted())).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
	}

	@Test
	void weightsShareTheTurnsExactly() {
		put(List.of(key(1, 5), key(2, 2), key(3, 1)));
		Map<Long, Integer> uses = new HashMap<>();
		use(800, new Accepted()).forEach((id) -> uses.merge(id, 1, Integer::sum));
		assertThat(uses).containsExactlyInAnyOrderEntriesOf(Map.of(1L, 500, 2L, 200, 3L, 100));
	}

	@Test
	void aKeyAtALimitIsPassedOverUntilItsTime() {
		keys(1, 2);
		Instant until = this.time.instant().plusSeconds(40);
		lease().limited(until, false);
		assertThat(use(2, new Accepted())).containsExactly(2L, 2L);
		KeyLease other = lease();
		other.limited(this.time.instant().plusSeconds(60), false);
		assertThat(this.pool.lease(Set.of())).isEqualTo(new Leasing.Limited(until));
		assertThat(this.pool.canLease(Set.of())).isFalse();
		other.free();
		assertThat(this.pool.lease(Set.of())).isEqualTo(new Leasing.Limited(until));
		this.time.pass(Duration.ofSeconds(40));
		assertThat(use(2, new Accepted())).containsExactly(1L, 1L);
		this.time.pass(Duration.ofSeconds(20));
		assertThat(use(4, new Accepted())).containsOnly(1L, 2L);
	}

	@Test
	void aBusyKeyIsBackWhenOneOfItsRequestsEnds() {
		keys(1);
		KeyLease running = lease();
		lease().limited(this.time.instant().plusSeconds(60), true);
		assertThat(this.pool.canLease(Set.of())).isFalse();
		running.free();
		assertThat(use(1, new Accepted())).containsExactly(1L);
		this.time.pass(Duration.ofSeconds(60));
		assertThat(use(2, new Accepted())).containsExactly(1L, 1L);
	}

	@Test
	void aKeyThatRestsIsNotSaidToBeAtALimit() {
		keys(1);
		KeyLease running = lease();
		lease().limited(this.time.instant().plusSeconds(10), false);
		running.settle(new Throttled(Duration.ofSeconds(30), Scope.KEY));
		assertThat(this.pool.lease(Set.of())).isInstanceOf(Leasing.Exhausted.class);
		this.time.pass(Duration.ofSeconds(30));
		assertThat(use(1, new Accepted())).containsExactly(1L);
	}

	@Test
	void triedKeyIsPassedOverWhileAnotherIsLeft() {
		keys(1, 2);
		assertThat(lease(1L).keyId()).isEqualTo(2);
		assertThat(lease(1L, 2L).keyId()).isIn(1L, 2L);
		assertThat(this.pool.canLease(Set.of(1L, 2L))).isFalse();
		assertThat(this.pool.canLease(Set.of(1L))).isTrue();
	}

	@Test
	void passingOverDoesNotCostAKeyItsTurn() {
		keys(1, 2, 3);
		assertThat(lease(1L).keyId()).isEqualTo(2);
		assertThat(lease().keyId()).isEqualTo(1);
	}

	@Test
	void throttledKeyCoolsForAsLongAsTheProviderSaysAndReturnsByItself() {
		keys(1);
		lease().settle(new Throttled(Duration.ofSeconds(7), Scope.KEY));
		assertThat(exhaustedUntil()).isEqualTo(this.time.instant().plusSeconds(7));
		this.time.pass(Duration.ofSeconds(7));
		assertThat(lease().keyId()).isEqualTo(1);
	}

	@Test
	void throttledKeyCoolsForTheCooldownWhenTheProviderNamesNoTime() {
		keys(1);
		lease().settle(new Throttled(null, Scope.KEY));
		assertThat(exhaustedUntil()).isEqualTo(this.time.instant().plus(COOLDOWN));
	}

	@Test
	void laterThrottleNeverShortensTheRest() {
		keys(1);
		KeyLease first = lease();
		KeyLease second = lease();
		first.settle(new Throttled(Duration.ofSeconds(60), Scope.KEY));
		second.settle(new Throttled(Duration.ofSeconds(1), Scope.KEY));
		assertThat(state().status()).isEqualTo(new Cooling(this.time.instant().plusSeconds(60)));
	}

	@Test
	void keyIsEjectedAtTheThresholdOfConsecutiveRejections() {
		keys(1);
		use(2, new KeyRejected("401"));
		assertThat(state().status()).isInstanceOf(Active.class);
		use(1, new KeyRejected("401 invalid_api_key"));
		assertThat(state().status()).isEqualTo(new Ejected(this.time.instant().plusSeconds(60), 0));
		assertThat(state().lastError()).isEqualTo("401 invalid_api_key");
		assertThat(this.pool.lease(List.of())).isInstanceOf(Leasing.Exhausted.class);
	}

	@Test
	void successResetsTheCount() {
		keys(1);
		use(2, new KeyRejected("401"));
		use(1, new Accepted());
		use(2, new KeyRejected("401"));
		assertThat(state().status()).isInstanceOf(Active.class);
	}

	@Test
	void noThresholdMeansNoEjection() {
		this.pool.rules(new KeyRules(0, COOLDOWN, Duration.ofSeconds(60)));
		keys(1);
		use(20, new KeyRejected("401"));
		assertThat(state().status()).isInstanceOf(Active.class);
	}

	@Test
	void neitherUpstreamNorCallerIsTheKeysFault() {
		keys(1);
		use(20, new UpstreamFailed("500"));
		use(20, new CallerRejected(404));
		assertThat(state().status()).isInstanceOf(Active.class);
		assertThat(state().failures()).isZero();
	}

	@Test
	void leaseIsSettledOnlyOnce() {
		keys(1);
		KeyLease lease = lease();
		lease.settle(new KeyRejected("401"));
		lease.settle(new KeyRejected("401"));
		assertThat(state().failures()).isEqualTo(1);
	}

	@Test
	void ejectedKeyIsProbedAtGrowingIntervalsUntilItWorks() {
		keys(1);
		use(3, new KeyRejected("401"));
		for (int seconds : new int[] { 60, 120, 240, 480, 960, 1920, 3600, 3600 }) {
			this.time.pass(Duration.ofSeconds(seconds - 1));
			assertThat(this.pool.dueProbes(10)).as("before %d s", seconds).isEmpty();
			this.time.pass(Duration.ofSeconds(1));
			PooledKey due = this.pool.dueProbes(10).getFirst();
			assertThat(this.pool.dueProbes(10)).as("never twice at once").isEmpty();
			this.pool.probed(due, new KeyRejected("401"));
		}
		this.time.pass(Duration.ofHours(1));
		this.pool.probed(this.pool.dueProbes(10).getFirst(), new Accepted());
		assertThat(lease().keyId()).isEqualTo(1);
	}

	@Test
	void keyThatRelapsesWithoutASuccessWaitsLonger() {
		keys(1);
		use(3, new KeyRejected("429 insufficient_quota"));
		this.time.pass(Duration.ofSeconds(60));
		this.pool.probed(this.pool.dueProbes(1).getFirst(), new Accepted());
		use(3, new KeyRejected("429 insufficient_quota"));
		assertThat(state().status()).isEqualTo(new Ejected(this.time.instant().plusSeconds(120), 1));
	}

	@Test
	void probeThatHadNoAnswerProvesNothing() {
		keys(1);
		use(3, new KeyRejected("401"));
		this.time.pass(Duration.ofSeconds(60));
		this.pool.probed(this.pool.dueProbes(1).getFirst(), new UpstreamFailed("refused"));
		assertThat(state().status()).isInstanceOf(Ejected.class);
		this.time.pass(Duration.ofSeconds(60));
		assertThat(this.pool.dueProbes(1)).hasSize(1);
	}

	@Test
	void manyThrottlesInARowPauseThePoolInsteadOfEmptyingIt() {
		keys(LongStream.rangeClosed(1, 100).toArray());
		use(10, new Throttled(Duration.ofSeconds(20), Scope.KEY));
		assertThat(exhaustedUntil()).isEqualTo(this.time.instant().plusSeconds(20));
		assertThat(this.pool.census().conditions())
			.isEqualTo(Map.of(KeyCondition.ACTIVE, 90, KeyCondition.COOLING, 10));
		this.time.pass(Duration.ofSeconds(20));
		use(1, new Throttled(Duration.ofSeconds(20), Scope.KEY));
		assertThat(this.pool.lease(List.of())).as("one more pauses again").isInstanceOf(Leasing.Exhausted.class);
		this.time.pass(Duration.ofSeconds(20));
		use(1, new Accepted());
		use(9, new Throttled(Duration.ofSeconds(20), Scope.KEY));
		assertThat(this.pool.lease(List.of())).as("a success starts over").isInstanceOf(Leasing.Leased.class);
	}

	@Test
	void throttlesBetweenSuccessesPauseNothing() {
		keys(LongStream.rangeClosed(1, 100).toArray());
		for (int i = 0; i < 30; i++) {
			use(1, new Throttled(Duration.ofSeconds(20), Scope.KEY));
			use(1, new Accepted());
		}
		assertThat(this.pool.lease(List.of())).isInstanceOf(Leasing.Leased.class);
	}

	@Test
	void disabledAndRemovedKeysTakeNoTurns() {
		keys(1, 2, 3);
		put(List.of(new StoredKey(2, "sk-2", 1, false, null, KeyState.fresh())));
		this.pool.remove(List.of(3L));
		assertThat(use(4, new Accepted())).containsOnly(1L);
		put(List.of(key(2, 1)));
		assertThat(use(4, new Accepted())).contains(1L, 2L);
	}

	@Test
	void poolIsUnreadableWhenNoneOfTheKeysThatMayTakeTurnsCanBeOpened() {
		put(List.of(), new UnreadableKey(1, 1, true), new UnreadableKey(2, 1, true));
		assertThat(this.pool.lease(List.of())).isInstanceOf(Leasing.Unreadable.class);
		assertThat(this.pool.unreadableIds()).containsExactlyInAnyOrder(1L, 2L);
		put(List.of(new StoredKey(3, "sk-3", 1, false, null, KeyState.fresh())));
		assertThat(this.pool.unreadable()).isTrue();
		put(List.of(key(2, 1)));
		assertThat(use(2, new Accepted())).containsOnly(2L);
		use(3, new KeyRejected("401"));
		assertThat(this.pool.lease(List.of())).isInstanceOf(Leasing.Exhausted.class);
	}

	@Test
	void poolOfDisabledKeysIsExhaustedWhetherTheyCanBeOpenedOrNot() {
		put(List.of(), new UnreadableKey(1, 1, false));
		assertThat(this.pool.lease(List.of())).isInstanceOf(Leasing.Exhausted.class);
	}

	@Test
	void knownKeyGoesOnTakingTurnsWhenAnotherNodeHasSealedItAnew() {
		keys(1, 2);
		put(List.of(key(2, 1)), new UnreadableKey(1, 1, true));
		assertThat(use(4, new Accepted())).contains(1L, 2L);
		assertThat(this.pool.census().unreadable()).isEqualTo(1);
		put(List.of(), new UnreadableKey(1, 1, false));
		assertThat(use(4, new Accepted())).containsOnly(2L);
		this.pool.remove(List.of(1L));
		assertThat(this.pool.unreadableIds()).isEmpty();
	}

	@Test
	void restoredKeyIsBackAtOnce() {
		keys(1);
		use(3, new KeyRejected("401"));
		this.pool.restore(List.of(1L));
		assertThat(lease().keyId()).isEqualTo(1);
		assertThat(state().failures()).isZero();
	}

	@Test
	void stateOutlivesTheProcess() {
		Instant until = this.time.instant().plusSeconds(5);
		put(List.of(new StoredKey(1, "sk-1", 1, true, null, new KeyState(new Cooling(until), 1, "429", null, null, 7)),
				new StoredKey(2, "sk-2", 1, true, null, new KeyState(new Ejected(until, 2), 3, "401", null, null, 9))));
		assertThat(exhaustedUntil()).isEqualTo(until);
		this.time.pass(Duration.ofSeconds(5));
		assertThat(lease().keyId()).isEqualTo(1);
		assertThat(this.pool.dueProbes(5)).hasSize(1);
	}

	@Test
	void changedStatesAreHandedOutOnceAndCountersOnlyWhenAskedFor() {
		keys(1, 2);
		use(2, new Accepted());
		assertThat(this.pool.takeChanged(false)).isEmpty();
		use(1, new Throttled(null, Scope.KEY));
		assertThat(this.pool.takeChanged(false)).containsOnlyKeys(1L);
		assertThat(this.pool.takeChanged(false)).isEmpty();
		assertThat(this.pool.takeChanged(true)).containsOnlyKeys(2L);
		this.pool.stillChanged(List.of(1L));
		assertThat(this.pool.takeChanged(false)).containsOnlyKeys(1L);
	}

	private void keys(long... ids) {
		put(LongStream.of(ids).mapToObj((id) -> key(id, 1)).toList());
	}

	private void put(List<StoredKey> keys, UnreadableKey... unreadable) {
		this.pool.put(new StoredKeys(keys, List.of(unreadable)));
	}

	private static StoredKey key(long id, int weight) {
		return new StoredKey(id, "sk-" + id, weight, true, null, KeyState.fresh());
	}

	private KeyLease lease(Long... tried) {
		return ((Leasing.Leased) this.pool.lease(List.of(tried))).lease();
	}

	private KeyState state() {
		return Objects.requireNonNull(this.pool.state(1));
	}

	private Instant exhaustedUntil() {
		return Objects.requireNonNull(((Leasing.Exhausted) this.pool.lease(List.of())).until());
	}

	private List<Long> use(int times, Outcome outcome) {
		List<Long> used = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			KeyLease lease = ((Leasing.Leased) this.pool.lease(List.of())).lease();
			used.add(lease.keyId());
			lease.settle(outcome);
		}
		return used;
	}

}
