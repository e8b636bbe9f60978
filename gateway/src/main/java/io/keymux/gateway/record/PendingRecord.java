package io.keymux.gateway.record;

import org.jspecify.annotations.Nullable;

/**
 * A record that waits to be stored.
 *
 * @param record the record
 * @param request body of the request, or null
 * @param response body of the answer, or null
 */
record PendingRecord(RequestRecord record, @Nullable RecordedBody request, @Nullable RecordedBody response) {

	long bodyBytes() {
		return size(this.request) + size(this.response);
	}

	private static long size(@Nullable RecordedBody body) {
		return (body != null) ? body.bytes().length : 0;
	}

	PendingRecord withoutBodies() {
		return new PendingRecord(this.record, null, null);
	}

	PendingRecord with(RequestRecord other) {
		return new PendingRecord(other, this.request, this.response);
	}

}
