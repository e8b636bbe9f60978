package io.keymux.gateway.recording;

import org.jspecify.annotations.Nullable;

/** Reads the header traceparent (W3C Trace Context, 3.2). */
final class TraceParent {

	private static final int START = 3;

	private static final int END = 35;

	private static final int LENGTH = 55;

	private TraceParent() {
	}

	/** The trace id, or null if the header is none or is not well-formed. */
	static @Nullable String traceId(@Nullable String header) {
		if (header == null || header.length() < LENGTH || header.charAt(2) != '-' || header.charAt(END) != '-') {
			return null;
		}
		boolean zero = true;
		for (int i = START; i < END; i++) {
			char c = header.charAt(i);
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
				return null;
			}
			zero &= c == '0';
		}
		return zero ? null : header.substring(START, END);
	}

}
