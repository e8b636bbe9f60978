package io.keymux.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** A provider that answers every chat completion at once, and counts them. */
public final class MockUpstream {

	/** How every provider key begins; a request without one is refused. */
	static final String KEY_PREFIX = "sk-bench-";

	private final ByteBuf completion = Answers.completion();

	private final List<ByteBuf> stream = Answers.stream();

	private final LongAdder answered = new LongAdder();

	private final Duration delay;

	/**
	 * Creates an upstream.
	 * @param delay time between two chunks of a stream
	 */
	MockUpstream(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Runs the upstream until the process ends.
	 * @param args the port and, optionally, the milliseconds between two chunks of a
	 * stream
	 */
	public static void main(String[] args) {
		Duration delay = (args.length > 1) ? Duration.ofMillis(Long.parseLong(args[1])) : Duration.ZERO;
		new MockUpstream(delay).start(Integer.parseInt(args[0])).onDispose().block();
	}

	DisposableServer start(int port) {
		return HttpServer.create().host("127.0.0.1").port(port).route(this::routes).bindNow();
	}

	private void routes(HttpServerRoutes routes) {
		routes.post("/v1/chat/completions", this::complete)
			.get("/count", (_, response) -> response.sendString(Mono.just(Long.toString(this.answered.sum()))));
	}

	private Publisher<Void> complete(HttpServerRequest request, HttpServerResponse response) {
		String authorization = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
		if (!authorization.startsWith("Bearer " + KEY_PREFIX)) {
			return response.status(HttpResponseStatus.UNAUTHORIZED).send();
		}
		return request.receive()
			.aggregate()
			.asString(StandardCharsets.UTF_8)
			.flatMap((body) -> Mono.from(answer(body, response)));
	}

	private Publisher<Void> answer(String body, HttpServerResponse response) {
		this.answered.increment();
		if (body.contains("\"stream\":true")) {
			return response.header(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
				.send(chunks(), (_) -> true);
		}
		return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
			.send(Mono.just(this.completion.duplicate()));
	}

	private Flux<ByteBuf> chunks() {
		Flux<ByteBuf> chunks = Flux.fromIterable(this.stream).map(ByteBuf::duplicate);
		return this.delay.isZero() ? chunks : chunks.delayElements(this.delay);
	}

}
