package io.keymux.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

import redis.embedded.RedisServer;

/** A real Redis server, which keeps nothing on disk. */
public final class RedisProcess implements AutoCloseable {

	private final int port;

	private RedisServer server;

	private RedisProcess(int port) {
		this.port = port;
		this.server = launch(port);
	}

	/**
	 * Starts one on a free port of the loopback address.
	 * @return the running server
	 */
	public static RedisProcess start() {
		return new RedisProcess(freePort());
	}

	private static int freePort() {
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return free.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static RedisServer launch(int port) {
		try {
			RedisServer server = RedisServer.newRedisServer()
				.port(port)
				.bind("127.0.0.1")
				.setting("save \"\"")
				.setting("appendonly no")
				.build();
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "redis://127.0.0.1:" + this.port;
	}

	/** Starts again on the same port, with nothing in memory. */
	public void restart() {
		this.server = launch(this.port);
	}

	/** Keeps what it has in memory and answers nobody. */
	public void pause() {
		signal("STOP");
	}

	/** Answers again. */
	public void resume() {
		signal("CONT");
	}

	private void signal(String name) {
		ProcessHandle.current()
			.children()
			.filter((child) -> child.info()
				.arguments()
				.map((arguments) -> List.of(arguments).toString())
				.orElse(child.info().commandLine().orElse(""))
				.contains(Integer.toString(this.port)))
			.forEach((child) -> send(name, child.pid()));
	}

	private static void send(String name, long pid) {
		try {
			new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().onExit().join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.server.stop();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
