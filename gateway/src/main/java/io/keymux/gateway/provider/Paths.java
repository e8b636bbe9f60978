package io.keymux.gateway.provider;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import io.keymux.gateway.provider.Provider.PathModel;
import org.jspecify.annotations.Nullable;

/** Looks into encoded paths. */
final class Paths {

	private Paths() {
	}

	/** The rest of the path behind a marker, if it is one segment that is not empty. */
	static @Nullable PathModel lastSegmentAfter(String path, String marker) {
		int start = path.lastIndexOf(marker);
		if (start < 0) {
			return null;
		}
		start += marker.length();
		return (start == path.length() || path.indexOf('/', start) >= 0) ? null : segment(path, start, path.length());
	}

	static PathModel segment(String path, int start, int end) {
		String raw = path.substring(start, end);
		// A plus is itself in a path; only the percent form is decoded.
		String model = (raw.indexOf('%') < 0) ? raw
				: URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
		return new PathModel(model, start, end);
	}

}
