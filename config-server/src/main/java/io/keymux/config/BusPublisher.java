package io.keymux.config;

import org.springframework.cloud.bus.BusBridge;
import org.springframework.cloud.bus.event.PathDestinationFactory;
import org.springframework.cloud.bus.event.RefreshRemoteApplicationEvent;

/** Publishes Spring Cloud Bus's own word for a refresh, to every gateway. */
class BusPublisher implements ChangePublisher {

	private final BusBridge bus;

	private final String origin;

	BusPublisher(BusBridge bus, String origin) {
		this.bus = bus;
		this.origin = origin;
	}

	@Override
	public void publish() {
		this.bus.send(new RefreshRemoteApplicationEvent(this, this.origin,
				new PathDestinationFactory().getDestination(ServedDocuments.GATEWAY)));
	}

}
