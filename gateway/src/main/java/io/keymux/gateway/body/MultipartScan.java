package io.keymux.gateway.body;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.keymux.gateway.body.JsonScan.Span;
import org.jspecify.annotations.Nullable;

/** Finds a field of a multipart/form-data body (RFC 7578) by its place in the bytes. */
public final class MultipartScan {

	private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private MultipartScan() {
	}

	/**
	 * The boundary a content type names.
	 * @param contentType value of the Content-Type header
	 * @return the boundary, or null if it is no multipart type with one
	 */
	public static @Nullable String boundary(String contentType) {
		String lower = contentType.toLowerCase(Locale.ROOT);
		int at = lower.indexOf("boundary=");
		if (!lower.startsWith("multipart/") || at < 0) {
			return null;
		}
		String rest = contentType.substring(at + "boundary=".length());
		if (rest.startsWith("\"")) {
			int close = rest.indexOf('"', 1);
			return (close < 0) ? null : rest.substring(1, close);
		}
		int semicolon = rest.indexOf(';');
		String boundary = ((semicolon < 0) ? rest : rest.substring(0, semicolon)).strip();
		return boundary.isEmpty() ? null : boundary;
	}

	/**
	 * Finds a field's value.
	 * @param body the whole body
	 * @param boundary boundary of its parts
	 * @param field name of the field
	 * @return place of the value, or null if no part has that name
	 */
	public static @Nullable Span find(byte[] body, String boundary, String field) {
		byte[] opening = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
		byte[] closing = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
		int part = indexOf(body, opening, 0);
		while (part >= 0) {
			int head = part + opening.length;
			int headEnd = indexOf(body, HEAD_END, head);
			if (headEnd < 0) {
				return null;
			}
			int value = headEnd + HEAD_END.length;
			int end = indexOf(body, closing, headEnd + 2);
			if (end < 0) {
				return null;
			}
			if (names(new String(body, head, headEnd - head, StandardCharsets.UTF_8), field)) {
				return new Span(value, Math.max(value, end));
			}
			part = end + 2;
		}
		return null;
	}

	private static boolean names(String head, String field) {
		for (String line : head.split("\r\n", -1)) {
			String lower = line.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-disposition:")) {
				String disposition = line.replace(" ", "");
				return disposition.contains(";name=\"" + field + "\"") || disposition.endsWith(";name=" + field);
			}
		}
		return false;
	}

	private static int indexOf(byte[] body, byte[] wanted, int from) {
		for (int i = from; i <= body.length - wanted.length; i++) {
			if (body[i] == wanted[0] && matches(body, wanted, i)) {
				return i;
			}
		}
		return -1;
	}

	private static boolean matches(byte[] body, byte[] wanted, int at) {
		for (int i = 1; i < wanted.length; i++) {
			if (body[at + i] != wanted[i]) {
				return false;
			}
		}
		return true;
	}

}
