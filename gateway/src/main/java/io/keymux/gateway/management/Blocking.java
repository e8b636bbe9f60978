package io.keymux.gateway.management;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;

/** Lets answers that are streamed read the database, away from the event loops. */
@Component
class Blocking {

	private final Scheduler scheduler;

	Blocking(@Qualifier("applicationTaskExecutor") AsyncTaskExecutor executor) {
		this.scheduler = Schedulers.fromExecutor(executor);
	}

	/** Streams what is read piece by piece, no faster than it is taken. */
	<T> Flux<T> many(Supplier<Stream<? extends T>> read) {
		return Flux.<T>fromStream(read).subscribeOn(this.scheduler);
	}

	<T> Mono<T> one(Callable<T> read) {
		return Mono.fromCallable(read).subscribeOn(this.scheduler);
	}

}
