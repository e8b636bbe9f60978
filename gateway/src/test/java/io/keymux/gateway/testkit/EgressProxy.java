package io.keymux.gateway.testkit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy towards the upstream that notes where its clients want to go: HTTP (CONNECT and
 * absolute targets) and SOCKS5, with or without a password.
 */
public final class EgressProxy implements AutoCloseable {

	private static final int SOCKS5 = 5;

	private final ServerSocket server;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final List<String> destinations = new CopyOnWriteArrayList<>();

	private final List<String> credentials = new CopyOnWriteArrayList<>();

	private EgressProxy(ServerSocket server) {
		this.server = server;
	}

	/**
	 * Starts one on a free port of the loopback address.
	 * @return the running proxy
	 */
	public static EgressProxy start() {
		try {
			EgressProxy proxy = new EgressProxy(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
			Thread.ofVirtual().start(proxy::accept);
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Where to find it.
	 * @return host and port
	 */
	public String authority() {
		return "127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Where its clients went.
	 * @return host and port of each connection, after the way it was asked for
	 */
	public List<String> destinations() {
		return List.copyOf(this.destinations);
	}

	/**
	 * Credentials its clients sent.
	 * @return values of Proxy-Authorization, or {@code user:password} from SOCKS5
	 */
	public List<String> credentials() {
		return List.copyOf(this.credentials);
	}

	@Override
	public void close() {
		closeQuietly(this.server);
		this.sockets.forEach(EgressProxy::closeQuietly);
	}

	private static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// it is of no use any more, closed or not
		}
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				this.sockets.add(client);
				Thread.ofVirtual().start(() -> serve(client));
			}
			catch (IOException ex) {
				closeQuietly(this.server);
			}
		}
	}

	private void serve(Socket client) {
		try (client) {
			BufferedInputStream in = new BufferedInputStream(client.getInputStream());
			in.mark(1);
			int first = in.read();
			in.reset();
			if (first == SOCKS5) {
				serveSocks(client, new DataInputStream(in));
			}
			else {
				serveHttp(client, in);
			}
		}
		catch (IOException ex) {
			// a client that leaves is nobody's failure
		}
	}

	private void serveHttp(Socket client, InputStream in) throws IOException {
		HttpReader reader = new HttpReader(in);
		String[] line = reader.requiredLine().split(" ", 3);
		List<Header> headers = reader.headers();
		this.credentials.addAll(Header.values(headers, "Proxy-Authorization"));
		boolean tunnel = line[0].equals("CONNECT");
		URI target = URI.create(tunnel ? "tcp://" + line[1] : line[1]);
		this.destinations.add((tunnel ? "CONNECT " : "absolute ") + target.getHost() + ":" + target.getPort());
		try (Socket upstream = new Socket(target.getHost(), target.getPort())) {
			this.sockets.add(upstream);
			if (tunnel) {
				client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			else {
				upstream.getOutputStream().write(originForm(line, target, headers));
			}
			relay(client, in, upstream);
		}
	}

	private static byte[] originForm(String[] line, URI target, List<Header> headers) {
		String query = (target.getRawQuery() != null) ? "?" + target.getRawQuery() : "";
		StringBuilder head = new StringBuilder(line[0] + " " + target.getRawPath() + query + " " + line[2]);
		headers.stream()
			.filter((header) -> !header.name().equalsIgnoreCase("Proxy-Authorization"))
			.forEach((header) -> head.append("\r\n").append(header.name()).append(": ").append(header.value()));
		return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	private void serveSocks(Socket client, DataInputStream in) throws IOException {
		OutputStream out = client.getOutputStream();
		in.readByte();
		boolean password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.ISO_8859_1)
			.indexOf(2) >= 0;
		out.write(new byte[] { SOCKS5, (byte) (password ? 2 : 0) });
		if (password) {
			in.readByte();
			String user = text(in);
			this.credentials.add(user + ":" + text(in));
			out.write(new byte[] { 1, 0 });
		}
		in.readNBytes(3);
		String host = switch (in.readByte()) {
			case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
			case 3 -> text(in);
			default -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
		};
		int port = in.readUnsignedShort();
		this.destinations.add("SOCKS5 " + host + ":" + port);
		try (Socket upstream = new Socket(host, port)) {
			this.sockets.add(upstream);
			out.write(new byte[] { SOCKS5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
			relay(client, in, upstream);
		}
	}

	private static String text(DataInputStream in) throws IOException {
		return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
	}

	/** Copies both ways until one side ends. */
	private static void relay(Socket client, InputStream fromClient, Socket upstream) throws IOException {
		Thread.ofVirtual().start(() -> {
			try (upstream) {
				fromClient.transferTo(upstream.getOutputStream());
			}
			catch (IOException ex) {
				// the other direction ends with it
			}
		});
		upstream.getInputStream().transferTo(client.getOutputStream());
	}

}
