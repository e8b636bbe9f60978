package io.keymux.gateway.body;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

import io.keymux.gateway.body.JsonScan.Span;

/** Replacements of ranges in a byte array, applied in one copy. */
public final class Edits {

	private final List<Edit> list = new ArrayList<>();

	/**
	 * Adds a replacement; ranges must come in order and not overlap.
	 * @param start first byte to replace
	 * @param end byte behind the last one to replace
	 * @param replacement what to put there
	 */
	public void replace(int start, int end, byte[] replacement) {
		this.list.add(new Edit(start, end, replacement));
	}

	/**
	 * Adds the replacement of a whole value.
	 * @param value place of the value
	 * @param replacement what to put there
	 */
	public void replace(Span value, byte[] replacement) {
		replace(value.start(), value.end(), replacement);
	}

	/**
	 * Carries the replacements out.
	 * @param source the bytes
	 * @return a copy with the replacements, or the source itself if there are none
	 */
	public byte[] apply(byte[] source) {
		if (this.list.isEmpty()) {
			return source;
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream(source.length + 64);
		int done = 0;
		for (Edit edit : this.list) {
			out.write(source, done, edit.start - done);
			out.writeBytes(edit.replacement);
			done = edit.end;
		}
		out.write(source, done, source.length - done);
		return out.toByteArray();
	}

	private record Edit(int start, int end, byte[] replacement) {
	}

}
