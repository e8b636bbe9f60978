package io.keymux.gateway.cluster;

import java.util.List;

/** Takes change notices to the other nodes. */
public interface NoticeCarrier {

	/**
	 * Sends notices and returns at once; what cannot be sent is lost and logged.
	 * @param notices notices of one write, in order
	 */
	void carry(List<ChangeNotice> notices);

}
