package io.keymux.gateway.bus;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.bus.event.RemoteApplicationEvent;

/** Change notices of one write on their way to the other nodes. */
public final class ChangesRemoteEvent extends RemoteApplicationEvent {

	private static final long serialVersionUID = 1L;

	@SuppressWarnings("serial") // it travels as JSON
	private List<Item> items = List.of();

	/** For JSON. */
	ChangesRemoteEvent() {
	}

	ChangesRemoteEvent(Object source, String originService, List<Item> items) {
		super(source, originService, DEFAULT_DESTINATION_FACTORY.getDestination(null));
		this.items = List.copyOf(items);
	}

	public List<Item> getItems() {
		return this.items;
	}

	/**
	 * For JSON.
	 * @param items the notices
	 */
	public void setItems(@Nullable List<Item> items) {
		this.items = (items != null) ? List.copyOf(items) : List.of();
	}

	/**
	 * One notice.
	 *
	 * @param type name of its class
	 * @param notice the notice as JSON
	 */
	public record Item(@JsonProperty("type") String type, @JsonProperty("notice") String notice) {

		@JsonCreator
		public Item {
		}

	}

}
