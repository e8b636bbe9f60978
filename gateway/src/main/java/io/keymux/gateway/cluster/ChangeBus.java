package io.keymux.gateway.cluster;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs writes in a transaction; delivers their change notices once it is committed.
 * Delivery ends before the write returns, so that a caller sees his own write take
 * effect.
 */
@Component
public class ChangeBus {

	private static final Logger logger = LoggerFactory.getLogger(ChangeBus.class);

	private static final ScopedValue<Set<Object>> PENDING = ScopedValue.newInstance();

	private final TransactionTemplate transaction;

	private final ApplicationEventPublisher publisher;

	ChangeBus(PlatformTransactionManager transactionManager, ApplicationEventPublisher publisher) {
		this.transaction = new TransactionTemplate(transactionManager);
		// Writers take turns by locks: who had to wait must see what the one before him
		// wrote.
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		this.publisher = publisher;
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
		Set<Object> notices = new LinkedHashSet<>();
		T answer = ScopedValue.where(PENDING, notices).call(() -> this.transaction.<T>execute((_) -> write.get()));
		notices.forEach(this::deliver);
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
	public void announce(Object notice) {
		PENDING.get().add(notice);
	}

	/**
	 * The write stands whatever a listener does: its failure is no answer to the writer.
	 */
	private void deliver(Object notice) {
		try {
			this.publisher.publishEvent(notice);
		}
		catch (RuntimeException ex) {
			logger.error("Change notice {} was not taken in", notice, ex);
		}
	}

}
