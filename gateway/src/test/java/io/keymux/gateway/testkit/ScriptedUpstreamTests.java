package io.keymux.gateway.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The upstream of the other tests does on the wire what it is told to. */
class ScriptedUpstreamTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.start();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void recordsTheRequestAsItStoodOnTheWire() throws IOException {
		this.upstream.enqueue(Answer.json(200, "{}"));
		try (RawCaller caller = connect()) {
			caller.head("POST /a%2Fb?x=1&&y=", "X-Twice: one", "x-twice: two", "Content-Length: 2").send("hi");
			assertThat(caller.readResponse().text()).isEqualTo("{}");
		}
		ReceivedRequest request = this.upstream.take();
		assertThat(request.method()).isEqualTo("POST");
		assertThat(request.target()).isEqualTo("/a%2Fb?x=1&&y=");
		assertThat(request.headers()).contains(new Header("X-Twice", "one"), new Header("x-twice", "two"));
		assertThat(request.text()).isEqualTo("hi");
	}

	@Test
	void answersByKeyOnceTheQueueIsEmpty() throws IOException {
		this.upstream.enqueue(Reply.of(204).bodyless())
			.answer((request) -> Reply.of(request.key().equals("good") ? 200 : 401));
		try (RawCaller caller = connect()) {
			assertThat(caller.head("GET /", "x-api-key: good").readResponse().status()).isEqualTo(204);
			assertThat(caller.head("GET /", "x-api-key: good").readResponse().status()).isEqualTo(200);
			assertThat(caller.head("GET /", "Authorization: Bearer bad").readResponse().status()).isEqualTo(401);
			assertThat(caller.head("GET /", "x-goog-api-key: good").readResponse().status()).isEqualTo(200);
		}
		assertThat(this.upstream.keys()).containsExactly("good", "good", "bad", "good");
	}

	@Test
	void keepsDuplicateHeadersAndReason() throws IOException {
		this.upstream.enqueue(Reply.of(200).reason("Fine").header("Set-Cookie", "a=1").header("Set-Cookie", "b=2"));
		try (RawCaller caller = connect()) {
			RawCaller.Head head = caller.head("GET /").readHead();
			assertThat(head.reason()).isEqualTo("Fine");
			assertThat(head.headers("set-cookie")).containsExactly("a=1", "b=2");
		}
	}

	@Test
	void sendsEachChunkWhenItIsTold() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		try (RawCaller caller = connect()) {
			assertThat(caller.head("GET /").readHead().status()).isEqualTo(200);
			stream.send("data: 1\n\n");
			assertThat(caller.readChunk()).isEqualTo("data: 1\n\n");
			stream.send("data: 2\n\n").end();
			assertThat(caller.readChunk()).isEqualTo("data: 2\n\n");
			assertThat(caller.readChunk()).isEmpty();
		}
	}

	@Test
	void cutsAStreamWithoutItsLastChunk() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send("data: 1\n\n").cut();
		this.upstream.enqueue(stream);
		try (RawCaller caller = connect()) {
			caller.head("GET /").readHead();
			caller.readChunk();
			assertThatExceptionOfType(EOFException.class).isThrownBy(caller::readChunk);
		}
	}

	@Test
	void resetsBeforeTheHead() throws IOException {
		this.upstream.enqueue(Answer.reset());
		try (RawCaller caller = connect()) {
			caller.head("GET /");
			assertThatExceptionOfType(SocketException.class).isThrownBy(caller::readHead)
				.withMessageContaining("reset");
		}
	}

	@Test
	void seesThePeerHangUpWhileItAnswers() throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		try (RawCaller caller = connect()) {
			caller.head("GET /").readHead();
			assertThat(stream.request().closed()).isNotDone();
		}
		Await.on(stream.request().closed());
		stream.end();
		Await.until("connection forgotten", () -> this.upstream.openConnections() == 0);
	}

	@Test
	void seesABodyGrowAndAnswersBeforeItsEnd() throws IOException {
		this.upstream.answerAtHead((_) -> Reply.of(413));
		try (RawCaller caller = connect()) {
			caller.head("POST /", "Transfer-Encoding: chunked").send("3\r\nabc\r\n");
			assertThat(caller.readResponse().status()).isEqualTo(413);
			ReceivedRequest request = this.upstream.take();
			Await.until("first bytes", () -> request.bodySize() == 3);
			assertThat(request.complete()).isNotDone();
			caller.send("0\r\n\r\n");
			Await.on(request.complete());
		}
	}

	@Test
	void asksToContinue() throws IOException {
		this.upstream.answer((request) -> Reply.of(200).body(request.body()));
		try (RawCaller caller = connect()) {
			caller.head("POST /", "Expect: 100-continue", "Content-Length: 2");
			assertThat(caller.readHead().status()).isEqualTo(100);
			assertThat(caller.send("hi").readResponse().text()).isEqualTo("hi");
		}
	}

	@Test
	void refusesWhereNobodyListens() {
		int port = URI.create(ScriptedUpstream.refusing()).getPort();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawCaller.connect(port));
	}

	@Test
	void speaksWebSocket() {
		WebSocketEcho echo = new WebSocketEcho();
		this.upstream.enqueue(echo);
		Messages messages = new Messages();
		try (HttpClient client = HttpClient.newHttpClient()) {
			WebSocket socket = Await.on(client.newWebSocketBuilder()
				.subprotocols("realtime", "other")
				.buildAsync(URI.create(this.upstream.url().replace("http", "ws") + "/v1/realtime"), messages));
			assertThat(socket.getSubprotocol()).isEqualTo("realtime");
			Await.on(socket.sendText("hello", true));
			Await.on(socket.sendBinary(ByteBuffer.wrap(new byte[70_000]), true));
			Await.on(socket.sendText("close 4001", true));
			assertThat(Await.on(messages.closed())).isEqualTo(4001);
			assertThat(messages.texts()).containsExactly("hello");
			assertThat(messages.binarySize()).isEqualTo(70_000);
		}
		assertThat(Await.on(echo.closeCode())).isEqualTo(4001);
	}

	@Test
	void proxiesNoteWhereTheirClientsGo() throws IOException {
		this.upstream.answer((_) -> Reply.of(200).body("seen"));
		try (EgressProxy proxy = EgressProxy.start();
				RawCaller caller = RawCaller.connect(URI.create("http://" + proxy.authority()).getPort())) {
			caller.head("CONNECT 127.0.0.1:" + this.upstream.port(), "Proxy-Authorization: Basic YTpi");
			assertThat(caller.readHead().status()).isEqualTo(200);
			assertThat(caller.head("GET /").readResponse().text()).isEqualTo("seen");
			assertThat(proxy.destinations()).isEqualTo(List.of("CONNECT 127.0.0.1:" + this.upstream.port()));
			assertThat(proxy.credentials()).containsExactly("Basic YTpi");
		}
	}

	private RawCaller connect() throws IOException {
		return RawCaller.connect(this.upstream.port());
	}

}
