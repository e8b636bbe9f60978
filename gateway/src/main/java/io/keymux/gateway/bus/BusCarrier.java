package io.keymux.gateway.bus;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.cluster.ChangeNotice;
import io.keymux.gateway.cluster.NoticeCarrier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.cloud.bus.BusBridge;
import org.springframework.cloud.bus.BusProperties;
import org.springframework.context.event.EventListener;

/**
 * Sends and takes change notices by Spring Cloud Bus; a broker that is slow or away holds
 * up no write. What is lost meanwhile, other nodes find out by the revisions.
 */
class BusCarrier implements NoticeCarrier, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(BusCarrier.class);

	private static final int MAX_WAITING = 1000;

	private final BusBridge bridge;

	private final BusProperties properties;

	private final ChangeBus changes;

	private final ExecutorService sender = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(MAX_WAITING), Thread.ofVirtual().name("bus").factory());

	BusCarrier(BusBridge bridge, BusProperties properties, ChangeBus changes) {
		this.bridge = bridge;
		this.properties = properties;
		this.changes = changes;
	}

	@Override
	public void carry(List<ChangeNotice> notices) {
		ChangesRemoteEvent event = new ChangesRemoteEvent(this, this.properties.getId(),
				notices.stream().map(NoticeJson::write).toList());
		try {
			this.sender.execute(() -> send(event));
		}
		catch (RejectedExecutionException ex) {
			logger.warn("{} changes wait for the broker already; other nodes find out about {} by themselves",
					MAX_WAITING, event.getItems());
		}
	}

	private void send(ChangesRemoteEvent event) {
		try {
			this.bridge.send(event);
		}
		catch (RuntimeException ex) {
			logger.warn("The broker did not take {} ({}); other nodes find out by themselves", event.getItems(),
					String.valueOf(ex.getMessage()));
		}
	}

	@EventListener
	void take(ChangesRemoteEvent event) {
		for (ChangesRemoteEvent.Item item : event.getItems()) {
			ChangeNotice notice = NoticeJson.read(item);
			if (notice != null) {
				this.changes.receive(notice);
			}
			else {
				logger.debug("A change notice of another version is left to the revisions: {}", item.type());
			}
		}
	}

	@Override
	public void destroy() {
		this.sender.shutdownNow();
	}

}
