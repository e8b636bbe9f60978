package io.keymux.gateway.recording;

import io.keymux.gateway.token.AnswerReader;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Listens to one answer's body as it passes; it neither holds nor changes anything. All
 * calls come from one thread at a time.
 */
public final class AnswerTap {

	private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
		@Override
		protected byte[] initialValue() {
			return new byte[16 << 10];
		}
	};

	private final OpenRecord record;

	private final @Nullable AnswerReader reader;

	private final @Nullable BodyStart body;

	private boolean ended;

	AnswerTap(OpenRecord record, @Nullable AnswerReader reader, @Nullable BodyStart body) {
		this.record = record;
		this.reader = reader;
		this.body = body;
	}

	/**
	 * Bytes have arrived; whoever calls keeps them.
	 * @param bytes the bytes
	 */
	public void arrived(ByteBuf bytes) {
		if (this.reader == null && this.body == null) {
			return;
		}
		byte[] scratch = SCRATCH.get();
		int index = bytes.readerIndex();
		int left = bytes.readableBytes();
		while (left > 0) {
			int count = Math.min(left, scratch.length);
			bytes.getBytes(index, scratch, 0, count);
			arrived(scratch, 0, count);
			index += count;
			left -= count;
		}
	}

	/**
	 * Bytes have arrived.
	 * @param bytes holds them
	 * @param from where they begin
	 * @param to where they end
	 */
	public void arrived(byte[] bytes, int from, int to) {
		if (this.reader != null) {
			this.reader.read(bytes, from, to);
		}
		if (this.body != null) {
			this.body.add(bytes, from, to);
		}
	}

	/**
	 * A frame of a WebSocket has arrived.
	 * @param text its text
	 */
	public void frame(ByteBuf text) {
		if (this.reader != null) {
			byte[] bytes = new byte[text.readableBytes()];
			text.getBytes(text.readerIndex(), bytes);
			this.reader.frame(bytes);
		}
	}

	/**
	 * Bytes are on their way to the caller.
	 * @param count how many
	 */
	public void handedOn(int count) {
		this.record.handedOn(count);
	}

	/** Nothing more will arrive, whatever the reason; only the first call counts. */
	public void ended() {
		if (this.ended) {
			return;
		}
		this.ended = true;
		if (this.reader != null) {
			this.record.told(this.reader.facts());
			this.reader.close();
		}
		this.record.release();
	}

}
