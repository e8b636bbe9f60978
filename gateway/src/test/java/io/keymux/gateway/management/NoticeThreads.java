package io.keymux.gateway.management;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.keymux.gateway.group.GroupsChanged;

import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.event.EventListener;

/** Remembers on which threads change notices arrive. */
@TestComponent
class NoticeThreads {

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	@EventListener(GroupsChanged.class)
	void remember() {
		this.threads.add(Thread.currentThread());
	}

	List<Thread> threads() {
		return this.threads;
	}

	void clear() {
		this.threads.clear();
	}

}
