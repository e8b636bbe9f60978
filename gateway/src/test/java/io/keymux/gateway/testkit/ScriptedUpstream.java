package io.keymux.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A provider on a real port that records every request raw and answers whatever the test
 * wants, byte by byte.
 */
public final class ScriptedUpstream implements AutoCloseable {

	private final ServerSocket server;

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();

	private final BlockingQueue<ReceivedRequest> untaken = new LinkedBlockingQueue<>();

	private final Queue<Answer> enqueued = new ArrayDeque<>();

	private volatile Function<ReceivedRequest, Answer> rule = (_) -> Answer.json(500,
			"{\"error\":{\"message\":\"nothing scripted\"}}");

	private volatile Function<ReceivedRequest, @Nullable Answer> headRule = (_) -> null;

	private ScriptedUpstream(ServerSocket server) {
		this.server = server;
	}

	/**
	 * Starts one on a free port of the loopback address.
	 * @return the running upstream
	 */
	public static ScriptedUpstream start() {
		try {
			ScriptedUpstream upstream = new ScriptedUpstream(
					new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
			Thread.ofVirtual().name("upstream-accept").start(upstream::accept);
			return upstream;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The base URL of a port nobody listens on.
	 * @return connections to it are refused
	 */
	public static String refusing() {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return "http://127.0.0.1:" + free.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The base URL.
	 * @return without trailing slash
	 */
	public String url() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * The port.
	 * @return on the loopback address
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Answers by rule whatever no enqueued answer is left for.
	 * @param answer makes the answer when the whole request is here
	 * @return this
	 */
	public ScriptedUpstream answer(Function<ReceivedRequest, Answer> answer) {
		this.rule = answer;
		return this;
	}

	/**
	 * Answers already when the head is here; null leaves the request to the other rules.
	 * @param answer makes the answer, or null
	 * @return this
	 */
	public ScriptedUpstream answerAtHead(Function<ReceivedRequest, @Nullable Answer> answer) {
		this.headRule = answer;
		return this;
	}

	/**
	 * Answers the next requests, one each.
	 * @param answers the answers in order
	 * @return this
	 */
	public ScriptedUpstream enqueue(Answer... answers) {
		synchronized (this.enqueued) {
			this.enqueued.addAll(Arrays.asList(answers));
		}
		return this;
	}

	/**
	 * All requests so far.
	 * @return in the order their heads arrived
	 */
	public List<ReceivedRequest> requests() {
		return List.copyOf(this.requests);
	}

	/**
	 * The keys of all requests so far.
	 * @return in the order their heads arrived
	 */
	public List<String> keys() {
		return this.requests.stream().map(ReceivedRequest::key).toList();
	}

	/**
	 * Waits for the next request that has not been taken.
	 * @return the request, its head complete, its body perhaps not
	 */
	public ReceivedRequest take() {
		try {
			ReceivedRequest request = this.untaken.poll(Await.BOUND.toMillis(), TimeUnit.MILLISECONDS);
			if (request == null) {
				throw new AssertionError("no request reached the upstream within " + Await.BOUND);
			}
			return request;
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * How many connections are open.
	 * @return number of connections
	 */
	public int openConnections() {
		return this.connections.size();
	}

	@Override
	public void close() {
		closeQuietly(this.server);
		this.connections.forEach(ScriptedUpstream::closeQuietly);
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
				Socket socket = this.server.accept();
				socket.setTcpNoDelay(true);
				this.connections.add(socket);
				UpstreamConnection connection = new UpstreamConnection(socket, this);
				Thread.ofVirtual().name("upstream-read").start(connection::read);
				Thread.ofVirtual().name("upstream-answer").start(() -> {
					connection.answer();
					this.connections.remove(socket);
				});
			}
			catch (IOException ex) {
				closeQuietly(this.server);
			}
		}
	}

	void record(ReceivedRequest request) {
		this.requests.add(request);
		this.untaken.add(request);
	}

	@Nullable Answer answerAtHead(ReceivedRequest request) {
		return this.headRule.apply(request);
	}

	Answer answer(ReceivedRequest request) {
		synchronized (this.enqueued) {
			Answer next = this.enqueued.poll();
			if (next != null) {
				return next;
			}
		}
		try {
			return this.rule.apply(request);
		}
		catch (RuntimeException | AssertionError ex) {
			return Answer.json(500, "{\"error\":{\"message\":\"the script failed\"}}")
				.header("x-script-failure", ex.toString().replaceAll("\\s+", " "));
		}
	}

}
