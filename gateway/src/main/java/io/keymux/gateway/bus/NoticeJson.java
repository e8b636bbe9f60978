package io.keymux.gateway.bus;

import io.keymux.gateway.cluster.ChangeNotice;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Change notices as JSON, for nodes of this version and its neighbours. */
final class NoticeJson {

	private static final String PACKAGE = "io.keymux.gateway.";

	private static final JsonMapper json = JsonMapper.shared();

	private NoticeJson() {
	}

	static ChangesRemoteEvent.Item write(ChangeNotice notice) {
		return new ChangesRemoteEvent.Item(notice.getClass().getName(), json.writeValueAsString(notice));
	}

	/** Answers null for a notice of another version that means nothing here. */
	static @Nullable ChangeNotice read(ChangesRemoteEvent.Item item) {
		if (!item.type().startsWith(PACKAGE)) {
			return null;
		}
		try {
			Class<?> type = Class.forName(item.type(), false, NoticeJson.class.getClassLoader());
			return ChangeNotice.class.isAssignableFrom(type) ? (ChangeNotice) json.readValue(item.notice(), type)
					: null;
		}
		catch (ClassNotFoundException | JacksonException ex) {
			return null;
		}
	}

}
