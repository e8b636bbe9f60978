package io.keymux.gateway.cluster;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs writes in a transaction; delivers their change notices once it is committed.
 * Delivery to this node ends before the write returns, so that a caller sees his own
 * write take effect; other nodes are told without waiting for them.
 */
@Component
public class ChangeBus {

	private static final Logger logger = LoggerFactory.getLogger(ChangeBus.class);

	private static final ScopedValue<Set<ChangeNotice>> PENDING = ScopedValue.newInstance();

	private final TransactionTemplate transaction;

	private final ApplicationEventPublisher publisher;

	private final ObjectProvider<NoticeCarrier> carrier;

	ChangeBus(PlatformTransactionManager transactionManager, ApplicationEventPublisher publisher,
			ObjectProvider<NoticeCarrier> carrier) {
		this.transaction = new TransactionTemplate(transactionManager);
		// Writers take turns by locks: who had to wait must see what the one before him
		// wrote.
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		this.publisher = publisher;
		this.carrier = carrier;
	}

	/**
	 * Runs a write in one transaction, or as a part of the one that is running.
	 * @param <T> what the write answers
	 * @param write the write
	 * @return its answer
	 */
	public <T> T write(Supplier<T> write) {
		if (PENDING.isBound()) {
			return write.get();
		}
		Set<ChangeNotice> notices = new LinkedHashSet<>();
		T answer = ScopedValue.where(PENDING, notices).call(() -> this.transaction.<T>execute((_) -> write.get()));
		notices.forEach(this::deliver);
		if (!notices.isEmpty()) {
			this.carrier.ifAvailable((carrier) -> carrier.carry(List.copyOf(notices)));
		}
		return answer;
	}

	/**
	 * Runs a write to see what it would do: nothing of it stays, and nobody is told.
	 * @param write the write
	 */
	public void rehearse(Runnable write) {
		ScopedValue.where(PENDING, new LinkedHashSet<>()).run(() -> this.transaction.executeWithoutResult((status) -> {
			status.setRollbackOnly();
			write.run();
		}));
	}

	/**
	 * Announces a change that the running write makes; twice the same is announced once.
	 * @param notice the change notice, delivered after the commit
	 */
	public void announce(ChangeNotice notice) {
		PENDING.get().add(notice);
	}

	/**
	 * Delivers a notice of another node's write to this node.
	 * @param notice the change notice
	 */
	public void receive(ChangeNotice notice) {
		deliver(notice);
	}

	/**
	 * The write stands whatever a listener does: its failure is no answer to the writer.
	 */
	private void deliver(ChangeNotice notice) {
		try {
			this.publisher.publishEvent(notice);
		}
		catch (RuntimeException ex) {
			logger.error("Change notice {} was not taken in", notice, ex);
		}
	}

}
