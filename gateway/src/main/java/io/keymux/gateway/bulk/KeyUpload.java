package io.keymux.gateway.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.problem.Problem;

/**
 * Reads an upload of provider keys, one a line, and hands on a thousand at a time: what
 * it holds does not grow with the upload.
 */
final class KeyUpload {

	static final int PIECE = 1000;

	private static final int MAX_LINE = 4096;

	private final InputStream input;

	private final Consumer<List<String>> pieces;

	private final byte[] line = new byte[MAX_LINE];

	private int length;

	private long number = 1;

	private List<String> piece = new ArrayList<>(PIECE);

	KeyUpload(InputStream input, Consumer<List<String>> pieces) {
		this.input = input;
		this.pieces = pieces;
	}

	/** Reads to the end; a line that can be no key ends it with its number. */
	void read() throws IOException {
		byte[] buffer = new byte[16 * 1024];
		int count = this.input.read(buffer);
		while (count >= 0) {
			for (int i = 0; i < count; i++) {
				take(buffer[i]);
			}
			count = this.input.read(buffer);
		}
		endLine();
		endPiece();
	}

	private void take(byte next) {
		if (next == '\n') {
			endLine();
			this.number++;
			return;
		}
		if (this.length == MAX_LINE) {
			throw new Problem.Invalid(field(),
					"more than %d characters (expected: one key a line)".formatted(MAX_LINE));
		}
		this.line[this.length++] = next;
	}

	private void endLine() {
		String key = new String(this.line, 0, this.length, StandardCharsets.UTF_8).strip();
		this.length = 0;
		if (key.isEmpty()) {
			return;
		}
		ProviderKeys.check(field(), key);
		this.piece.add(key);
		if (this.piece.size() == PIECE) {
			endPiece();
		}
	}

	private void endPiece() {
		if (!this.piece.isEmpty()) {
			this.pieces.accept(this.piece);
			this.piece = new ArrayList<>(PIECE);
		}
	}

	private String field() {
		return "line %d".formatted(this.number);
	}

}
