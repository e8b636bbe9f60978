package io.keymux.gateway.bus;

import com.rabbitmq.client.ShutdownSignalException;
import io.keymux.gateway.cluster.NodeCondition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/** Whether the broker is there. */
class BrokerCondition implements ConnectionListener, NodeCondition {

	private static final Logger logger = LoggerFactory.getLogger(BrokerCondition.class);

	private volatile boolean connected;

	BrokerCondition(ConnectionFactory connections) {
		connections.addConnectionListener(this);
	}

	@Override
	public void onCreate(@Nullable Connection connection) {
		this.connected = true;
	}

	@Override
	public void onShutDown(ShutdownSignalException signal) {
		if (this.connected && !signal.isInitiatedByApplication()) {
			logger.warn("The broker is away; changes of other nodes are found out by their revisions");
		}
		this.connected = false;
	}

	@Override
	public void onFailed(Exception exception) {
		this.connected = false;
	}

	@Override
	public @Nullable String warning() {
		return this.connected ? null
				: "The broker does not answer; changes of other nodes take some seconds longer to arrive";
	}

}
