package io.keymux.gateway.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A WebSocket peer (RFC 6455) that returns every message, takes the first subprotocol it
 * is offered, and closes with the code a text such as {@code close 4001} names.
 */
public final class WebSocketEcho implements Answer {

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final int TEXT = 1;

	private static final int CLOSE = 8;

	private static final int PING = 9;

	private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();

	/**
	 * The code the peer closed with.
	 * @return completes when it closes
	 */
	public CompletableFuture<Integer> closeCode() {
		return this.closeCode;
	}

	@Override
	public void play(Wire wire) throws IOException {
		wire.head(101, "Switching Protocols", handshake(wire.request()));
		DataInputStream in = new DataInputStream(wire.in());
		boolean open = true;
		while (open) {
			open = echo(wire, in);
		}
	}

	private static List<Header> handshake(ReceivedRequest request) throws IOException {
		List<Header> headers = new ArrayList<>(
				List.of(new Header("Upgrade", "websocket"), new Header("Connection", "Upgrade"),
						new Header("Sec-WebSocket-Accept", accept(request.header("Sec-WebSocket-Key")))));
		@Nullable String offered = request.header("Sec-WebSocket-Protocol");
		if (offered != null) {
			headers.add(new Header("Sec-WebSocket-Protocol", offered.split(",", -1)[0].strip()));
		}
		return headers;
	}

	private static String accept(@Nullable String key) throws IOException {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IOException(ex);
		}
	}

	private boolean echo(Wire wire, DataInputStream in) throws IOException {
		int first = in.readUnsignedByte();
		byte[] payload = payload(in);
		int opcode = first & 0x0F;
		if (opcode == CLOSE) {
			this.closeCode.complete((payload.length >= 2) ? ByteBuffer.wrap(payload).getShort() & 0xFFFF : 1005);
			wire.send(frame(first, payload));
			return false;
		}
		String text = (opcode == TEXT) ? new String(payload, StandardCharsets.UTF_8) : "";
		if (text.startsWith("close ")) {
			short code = Short.parseShort(text.substring("close ".length()));
			wire.send(frame(0x80 | CLOSE, ByteBuffer.allocate(2).putShort(code).array()));
			return true;
		}
		wire.send(frame((opcode == PING) ? 0x8A : first, payload));
		return true;
	}

	private static byte[] payload(DataInputStream in) throws IOException {
		int second = in.readUnsignedByte();
		long length = switch (second & 0x7F) {
			case 126 -> in.readUnsignedShort();
			case 127 -> in.readLong();
			default -> second & 0x7F;
		};
		byte[] mask = ((second & 0x80) != 0) ? in.readNBytes(4) : new byte[4];
		byte[] payload = in.readNBytes(Math.toIntExact(length));
		for (int i = 0; i < payload.length; i++) {
			payload[i] ^= mask[i % 4];
		}
		return payload;
	}

	private static byte[] frame(int first, byte[] payload) {
		ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
		if (payload.length < 126) {
			frame.put((byte) payload.length);
		}
		else if (payload.length < 65_536) {
			frame.put((byte) 126).putShort((short) payload.length);
		}
		else {
			frame.put((byte) 127).putLong(payload.length);
		}
		frame.put(payload).flip();
		byte[] bytes = new byte[frame.remaining()];
		frame.get(bytes);
		return bytes;
	}

}
