package io.keymux.gateway.proxy;

import io.keymux.gateway.limit.Reservation;
import io.keymux.gateway.record.RequestRecord;

/** What one attempt has taken of its key's limits. */
final class KeyUse {

	private final Target target;

	private final Reservation reservation;

	private final KeyQueues queues;

	KeyUse(Target target, Reservation reservation, KeyQueues queues) {
		this.target = target;
		this.reservation = reservation;
		this.queues = queues;
	}

	/** The attempt has failed: it was a request, and used nothing. */
	void failed() {
		settle(0);
	}

	/** All is known of the request whose last attempt this was. */
	void known(RequestRecord record) {
		settle(record.tokens().input() + record.tokens().output());
	}

	private void settle(long tokens) {
		this.reservation.settle(1, tokens, 0);
		makeRoom();
	}

	/** The key is not worked with any more: somebody else may. */
	void left() {
		this.reservation.leave();
		makeRoom();
	}

	private void makeRoom() {
		this.target.lease().free();
		this.queues.wake(this.target.group().id());
		if (this.target.entry().aggregate()) {
			this.queues.wake(this.target.entry().id());
		}
	}

}
