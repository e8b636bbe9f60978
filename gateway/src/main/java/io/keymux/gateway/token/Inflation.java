package io.keymux.gateway.token;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks gzip (RFC 1952) or zlib (RFC 1950) bytes as they pass. */
final class Inflation implements AutoCloseable {

	private static final int FIXED_HEADER = 10;

	private static final int HEADER_CRC = 2;

	private static final int EXTRA = 4;

	private static final int NAME = 8;

	private static final int COMMENT = 16;

	private final Inflater inflater;

	private final byte[] unpacked = new byte[8192];

	private Header header;

	private int left = FIXED_HEADER;

	private int flags;

	private int extraLength;

	private boolean broken;

	Inflation(boolean gzip) {
		this.inflater = new Inflater(gzip);
		this.header = gzip ? Header.FIXED : Header.DONE;
	}

	/** Unpacks bytes and hands on what comes out. */
	void unpack(byte[] bytes, int from, int to, Sink sink) {
		int position = from;
		while (position < to && this.header != Header.DONE) {
			header(bytes[position++] & 0xff);
		}
		if (position == to || this.broken) {
			return;
		}
		this.inflater.setInput(bytes, position, to - position);
		try {
			for (int count = this.inflater.inflate(this.unpacked); count > 0; count = this.inflater
				.inflate(this.unpacked)) {
				sink.accept(this.unpacked, 0, count);
			}
		}
		catch (DataFormatException ex) {
			// The caller gets these bytes as they are; only their tokens stay unread.
			this.broken = true;
		}
	}

	private void header(int value) {
		switch (this.header) {
			case FIXED -> fixed(value);
			case EXTRA_LENGTH -> {
				this.extraLength |= value << (8 * (2 - this.left));
				if (--this.left == 0) {
					this.left = this.extraLength;
					this.header = (this.extraLength > 0) ? Header.EXTRA : afterExtra();
				}
			}
			case EXTRA -> {
				if (--this.left == 0) {
					this.header = afterExtra();
				}
			}
			case NAME -> this.header = (value == 0) ? afterName() : Header.NAME;
			case COMMENT -> this.header = (value == 0) ? afterComment() : Header.COMMENT;
			case HEADER_CRC -> {
				if (--this.left == 0) {
					this.header = Header.DONE;
				}
			}
			case DONE -> throw new AssertionError("the header is over");
		}
	}

	private void fixed(int value) {
		if (this.left == FIXED_HEADER - 3) {
			this.flags = value;
		}
		if (--this.left > 0) {
			return;
		}
		if ((this.flags & EXTRA) != 0) {
			this.left = 2;
			this.header = Header.EXTRA_LENGTH;
		}
		else {
			this.header = afterExtra();
		}
	}

	private Header afterExtra() {
		return ((this.flags & NAME) != 0) ? Header.NAME : afterName();
	}

	private Header afterName() {
		return ((this.flags & COMMENT) != 0) ? Header.COMMENT : afterComment();
	}

	private Header afterComment() {
		this.left = 2;
		return ((this.flags & HEADER_CRC) != 0) ? Header.HEADER_CRC : Header.DONE;
	}

	@Override
	public void close() {
		this.inflater.end();
	}

	/** Takes unpacked bytes. */
	interface Sink {

		void accept(byte[] bytes, int from, int to);

	}

	/** The parts of a gzip header. */
	private enum Header {

		FIXED, EXTRA_LENGTH, EXTRA, NAME, COMMENT, HEADER_CRC, DONE

	}

}
