package io.keymux.gateway.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Await;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.GroupSpec;
import io.keymux.gateway.testkit.Messages;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.RawCaller.Head;
import io.keymux.gateway.testkit.RawCaller.Response;
import io.keymux.gateway.testkit.ReceivedRequest;
import io.keymux.gateway.testkit.Reply;
import io.keymux.gateway.testkit.ScriptedStream;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import io.keymux.gateway.testkit.WebSocketEcho;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The proxy speaks HTTP as RFC 9110 asks an intermediary to, and adds nothing of its own.
 */
class ProxyHttpTests {

	private final Gateway gateway = Gateway.running();

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, "{}"));

	private final TestGroup group = spec().create();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void keepsHopByHopRequestHeadersToItself() throws IOException {
		this.group.call("GET /v1/models", "Connection: keep-alive, X-Only-For-You", "X-Only-For-You: 1",
				"Keep-Alive: timeout=5", "TE: trailers", "Proxy-Authorization: Basic c2VjcmV0",
				"Proxy-Connection: close", "X-For-All: 2");
		ReceivedRequest request = this.upstream.take();
		assertThat(request.header("X-For-All")).isEqualTo("2");
		for (String name : List.of("X-Only-For-You", "Keep-Alive", "TE", "Proxy-Authorization", "Proxy-Connection")) {
			assertThat(request.headers(name)).as(name).isEmpty();
		}
		assertThat(String.join(",", request.headers("Connection"))).doesNotContain("X-Only-For-You");
	}

	@Test
	void keepsHopByHopResponseHeadersToItself() throws IOException {
		this.upstream.enqueue(Reply.of(200)
			.header("Connection", "X-Only-For-You")
			.header("X-Only-For-You", "1")
			.header("Keep-Alive", "timeout=5")
			.header("Proxy-Authenticate", "Basic")
			.header("X-For-All", "2")
			.body("ok"));
		Head head = this.group.call("GET /v1/models").head();
		assertThat(head.headers("X-For-All")).containsExactly("2");
		for (String name : List.of("X-Only-For-You", "Keep-Alive", "Proxy-Authenticate")) {
			assertThat(head.headers(name)).as(name).isEmpty();
		}
	}

	@Test
	void passesEndToEndHeadersWithDuplicatesInOrder() throws IOException {
		this.upstream.enqueue(Reply.of(200)
			.header("Set-Cookie", "a=1; Path=/")
			.header("X-Note", "first")
			.header("Set-Cookie", "b=2")
			.header("X-Note", "second")
			.header("Cache-Control", "no-store")
			.header("Date", "Tue, 15 Nov 1994 08:12:31 GMT")
			.header("Server", "uvicorn")
			.body("ok"));
		Head head = this.group
			.call("GET /v1/files", "X-Tag: a", "OpenAI-Organization: org-1", "X-Tag: b", "User-Agent: curl/8",
					"Accept: */*", "Accept-Encoding: br", "Cookie: c=1")
			.head();
		assertThat(head.headers("Set-Cookie")).containsExactly("a=1; Path=/", "b=2");
		assertThat(head.headers("X-Note")).containsExactly("first", "second");
		assertThat(head.headers("Cache-Control")).containsExactly("no-store");
		assertThat(head.headers("Date")).containsExactly("Tue, 15 Nov 1994 08:12:31 GMT");
		assertThat(head.headers("Server")).containsExactly("uvicorn");
		ReceivedRequest request = this.upstream.take();
		assertThat(request.headers("X-Tag")).containsExactly("a", "b");
		assertThat(request.headers("OpenAI-Organization")).containsExactly("org-1");
		assertThat(request.headers("User-Agent")).containsExactly("curl/8");
		assertThat(request.headers("Accept")).containsExactly("*/*");
		assertThat(request.headers("Accept-Encoding")).containsExactly("br");
		assertThat(request.headers("Cookie")).containsExactly("c=1");
		assertThat(request.headers("Host")).containsExactly("127.0.0.1:" + this.upstream.port());
	}

	@Test
	void keepsAcceptEncodingOfAModelListNobodyEdits() throws IOException {
		this.group.call("GET /v1/models", "Accept-Encoding: gzip");
		assertThat(this.upstream.take().headers("Accept-Encoding")).containsExactly("gzip");
	}

	@Test
	void addsNoHeaderNobodyAskedFor() throws IOException {
		this.group.call("GET /v1/models");
		assertThat(this.upstream.take().headers())
			.extracting((header) -> header.name().toLowerCase(java.util.Locale.ROOT))
			.containsOnly("host", "authorization");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/files/a%2Fb%20c", "/v1/x?q=a%20b+c&empty=&&flag&z=1&a=2", "/v1/x?b=2&a=1&b=3",
			"/v1/%E4%BD%A0?u=%7Bx%7D&raw=%7b%7C", "/v1//double/", "/v1/x?", "/v1/a;p=1/b:c@d,e!$'()*" })
	void keepsPathAndQueryByteForByte(String target) throws IOException {
		assertThat(this.group.call("GET " + target).status()).isEqualTo(200);
		assertThat(this.upstream.take().target()).isEqualTo(target);
	}

	@Test
	void takesTheCredentialAloneOutOfTheQuery() throws IOException {
		try (RawCaller caller = this.group.connect()) {
			caller.head(this.group.line("GET /v1/x?a=%2F&key=" + Gateway.ACCESS_KEY + "&monkey=1&b=+"));
			assertThat(caller.readResponse().status()).isEqualTo(200);
			caller.head(this.group.line("GET /v1/x?key=" + Gateway.ACCESS_KEY));
			assertThat(caller.readResponse().status()).isEqualTo(200);
		}
		assertThat(this.upstream.take().target()).isEqualTo("/v1/x?a=%2F&monkey=1&b=+");
		assertThat(this.upstream.take().target()).isEqualTo("/v1/x");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Authorization: Bearer %s", "authorization: bearer %s", "x-api-key: %s", "x-goog-api-key: %s" })
	void takesTheAccessKeyWhereverItStandsAndKeepsIt(String header) throws IOException {
		try (RawCaller caller = this.group.connect()) {
			caller.head(this.group.line("GET /v1/models"), header.formatted(Gateway.ACCESS_KEY));
			assertThat(caller.readResponse().status()).isEqualTo(200);
		}
		ReceivedRequest request = this.upstream.take();
		assertThat(request.toString()).doesNotContain(Gateway.ACCESS_KEY);
		assertThat(request.headers("Authorization")).containsExactly("Bearer sk-provider");
		assertThat(request.headers("x-api-key")).isEmpty();
		assertThat(request.headers("x-goog-api-key")).isEmpty();
	}

	@Test
	void keepsCredentialsOfAllPlacesFromTheProvider() throws IOException {
		assertThat(this.group
			.call("GET /v1/models?key=" + Gateway.ACCESS_KEY, "x-api-key: " + Gateway.ACCESS_KEY,
					"x-goog-api-key: " + Gateway.ACCESS_KEY)
			.status()).isEqualTo(200);
		assertThat(this.upstream.take().toString()).doesNotContain(Gateway.ACCESS_KEY);
	}

	@Test
	void addsAnAnthropicVersionOnlyIfThereIsNone() throws IOException {
		TestGroup anthropic = this.gateway.group("anthropic").upstream(this.upstream.url()).keys("sk-ant").create();
		anthropic.call("GET /v1/models");
		anthropic.call("GET /v1/models", "anthropic-version: 2024-01-01");
		assertThat(this.upstream.take().headers("anthropic-version")).containsExactly("2023-06-01");
		assertThat(this.upstream.take().headers("anthropic-version")).containsExactly("2024-01-01");
	}

	@Test
	void joinsTheUpstreamsOwnPath() throws IOException {
		TestGroup prefixed = this.gateway.group("openai")
			.upstream(this.upstream.url() + "/base/")
			.keys("sk-1")
			.create();
		prefixed.call("GET /v1/models");
		assertThat(this.upstream.take().target()).isEqualTo("/base/v1/models");
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void passesRedirectsOnUnfollowed(int status) throws IOException {
		this.upstream.enqueue(Reply.of(status).header("Location", this.upstream.url() + "/elsewhere").body(""));
		Response response = this.group.call("GET /v1/models");
		assertThat(response.status()).isEqualTo(status);
		assertThat(response.head().headers("Location")).containsExactly(this.upstream.url() + "/elsewhere");
		assertThat(this.upstream.requests()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "DELETE", "OPTIONS", "PATCH", "PUT", "PROPFIND" })
	void passesAnyMethod(String method) throws IOException {
		assertThat(this.group.call(method + " /v1/things", "Content-Length: 0").status()).isEqualTo(200);
		assertThat(this.upstream.take().method()).isEqualTo(method);
	}

	@Test
	void answersHeadWithTheLengthOfWhatGetWouldBring() throws IOException {
		this.upstream.enqueue(Reply.of(200).header("Content-Length", "1234").bodyless());
		try (RawCaller caller = this.group.connect()) {
			caller.head(this.group.line("HEAD /v1/models"), "x-api-key: " + Gateway.ACCESS_KEY);
			Head head = caller.readHead();
			assertThat(head.status()).isEqualTo(200);
			assertThat(head.headers("Content-Length")).containsExactly("1234");
			caller.head(this.group.line("GET /v1/models"), "x-api-key: " + Gateway.ACCESS_KEY);
			assertThat(caller.readResponse().text()).isEqualTo("{}");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 304 })
	void passesAnswersWithoutABody(int status) throws IOException {
		this.upstream.enqueue(Reply.of(status).header("ETag", "\"x\"").bodyless());
		try (RawCaller caller = this.group.connect()) {
			caller.head(this.group.line("GET /v1/models"), "x-api-key: " + Gateway.ACCESS_KEY);
			Head head = caller.readHead();
			assertThat(head.status()).isEqualTo(status);
			assertThat(head.headers("ETag")).containsExactly("\"x\"");
			assertThat(head.headers("Transfer-Encoding")).isEmpty();
			caller.head(this.group.line("GET /v1/models"), "x-api-key: " + Gateway.ACCESS_KEY);
			assertThat(caller.readResponse().text()).isEqualTo("{}");
		}
	}

	@Test
	void passesCompressedBodiesUntouched() throws IOException {
		byte[] compressed = gzip("{\"data\":\"" + "x".repeat(5000) + "\"}");
		this.upstream.enqueue(Reply.of(200)
			.header("Content-Type", "application/json")
			.header("Content-Encoding", "gzip")
			.body(compressed));
		byte[] sent = gzip("{\"model\":\"gpt\"}");
		try (RawCaller caller = this.group.connect()) {
			caller
				.head(this.group.line("POST /v1/chat/completions"), "x-api-key: " + Gateway.ACCESS_KEY,
						"Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: " + sent.length)
				.send(sent);
			Response response = caller.readResponse();
			assertThat(response.head().headers("Content-Encoding")).containsExactly("gzip");
			assertThat(response.body()).isEqualTo(compressed);
		}
		assertThat(this.upstream.take().body()).isEqualTo(sent);
	}

	@Test
	void keepsJsonByteForByteWhenNoRuleNamesIt() throws IOException {
		String json = "{ \"model\" :\"gpt\",\n\t\"n\":1.0e0, \"n\":2,\"u\":\"\\u00e9\\/\", \"big\":12345678901234567890 } ";
		assertThat(this.group.post("/v1/chat/completions", json).status()).isEqualTo(200);
		assertThat(this.upstream.take().text()).isEqualTo(json);
	}

	@Test
	void namesRequestAndAttempts() throws IOException {
		Head head = this.group.chat().head();
		assertThat(head.headers("x-request-id")).hasSize(1);
		assertThat(head.headers("x-keymux-attempts")).containsExactly("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"model\":\"gpt\",\"stream\":true}", "{\"model\":\"gpt\"}" })
	void passesEachChunkOnWhenItArrives(String json) throws IOException {
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		try (RawCaller caller = this.group.connect()) {
			assertThat(this.group.send(caller, "/v1/chat/completions", json).readHead().status()).isEqualTo(200);
			for (int i = 0; i < 5; i++) {
				stream.send("data: " + i + "\n\n");
				assertThat(caller.readChunk()).isEqualTo("data: " + i + "\n\n");
			}
			stream.end();
			assertThat(caller.readChunk()).isEmpty();
		}
	}

	@Test
	void passesChunksOfAnyTypeOnWhenTheyArrive() throws IOException {
		ScriptedStream stream = ScriptedStream.of("audio/mpeg");
		this.upstream.enqueue(stream);
		try (RawCaller caller = this.group.connect()) {
			this.group.send(caller, "/v1/audio/speech", "{\"model\":\"tts-1\"}").readHead();
			stream.send("one");
			assertThat(caller.readChunk()).isEqualTo("one");
			stream.send("two").end();
			assertThat(caller.readChunk()).isEqualTo("two");
		}
	}

	@Test
	void cancelsTheUpstreamWhenTheCallerHangsUpInAStream() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send("data: 1\n\n");
		this.upstream.enqueue(stream);
		try (RawCaller caller = this.group.connect()) {
			this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readHead();
			assertThat(caller.readChunk()).isEqualTo("data: 1\n\n");
		}
		Await.on(stream.request().closed());
		stream.end();
	}

	@Test
	void cancelsTheUpstreamWhenTheCallerHangsUpBeforeTheHead() throws IOException {
		this.upstream.enqueue(Answer.silence());
		ReceivedRequest request;
		try (RawCaller caller = this.group.connect()) {
			this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}");
			request = this.upstream.take();
		}
		Await.on(request.closed());
		assertThat(this.upstream.requests()).hasSize(1);
	}

	@Test
	void breaksAChunkedAnswerThatBreaksOff() throws IOException {
		this.upstream.enqueue(ScriptedStream.events().send("data: 1\n\n").cut());
		assertBroken("data: 1\n\n");
	}

	@Test
	void breaksAnAnswerThatIsReset() throws IOException {
		ScriptedStream stream = ScriptedStream.events().send("data: 1\n\n");
		this.upstream.enqueue(stream);
		try (RawCaller caller = this.group.connect()) {
			this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readHead();
			assertThat(caller.readChunk()).isEqualTo("data: 1\n\n");
			stream.reset();
			assertThatExceptionOfType(IOException.class).isThrownBy(caller::readChunk);
		}
		assertThat(this.upstream.requests()).hasSize(1);
	}

	@Test
	void breaksAnAnswerShorterThanAnnounced() throws IOException {
		this.upstream.enqueue(Answer.rawAndClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"));
		try (RawCaller caller = this.group.connect()) {
			this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}");
			Head head = caller.readHead();
			assertThat(head.status()).isEqualTo(200);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> caller.readBody(head));
		}
	}

	@Test
	void passesAnAnswerThatEndsWithItsConnection() throws IOException {
		this.upstream.enqueue(Answer.rawAndClose("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it"));
		assertThat(this.group.chat().text()).isEqualTo("all of it");
	}

	@Test
	void passesAnswersOfHttp10() throws IOException {
		this.upstream.enqueue(Answer.rawAndClose("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"));
		assertThat(this.group.chat().text()).isEqualTo("ok");
	}

	@Test
	void letsALivingStreamLastLongerThanAnyTimeout() throws IOException {
		TestGroup impatient = spec().setting("stream-idle-timeout", "400ms")
			.setting("response-timeout", "400ms")
			.create();
		ScriptedStream stream = ScriptedStream.events();
		this.upstream.enqueue(stream);
		long start = System.nanoTime();
		try (RawCaller caller = impatient.connect()) {
			impatient.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readHead();
			int chunks = 0;
			while (System.nanoTime() - start < 1_500_000_000L) {
				Await.until("time passes", new Elapsed(100)::over);
				stream.send("data: " + chunks + "\n\n");
				assertThat(caller.readChunk()).isEqualTo("data: " + chunks + "\n\n");
				chunks++;
			}
			stream.end();
			assertThat(caller.readChunk()).isEmpty();
		}
	}

	@Test
	void breaksAStreamThatFallsSilent() throws IOException {
		TestGroup impatient = spec().setting("stream-idle-timeout", "200ms").create();
		ScriptedStream stream = ScriptedStream.events().send("data: 1\n\n");
		this.upstream.enqueue(stream);
		try (RawCaller caller = impatient.connect()) {
			impatient.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readHead();
			assertThat(caller.readChunk()).isEqualTo("data: 1\n\n");
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> readToTheEnd(caller));
		}
		Await.on(stream.request().closed());
		stream.end();
	}

	@Test
	void answersTimeoutWhenNoHeadComes() throws IOException {
		this.upstream.answer((_) -> Answer.silence());
		TestGroup impatient = spec().setting("response-timeout", "200ms").setting("max-attempts", "1").create();
		Response response = impatient.chat();
		assertThat(response.status()).isEqualTo(504);
		assertThat(response.text()).contains("upstream_timeout", "response-timeout", "200ms");
	}

	@Test
	void endsAnExchangeAtItsRequestTimeout() throws IOException {
		this.upstream.answer((_) -> Answer.silence());
		TestGroup impatient = spec().setting("request-timeout", "300ms").create();
		Response response = impatient.chat();
		assertThat(response.status()).isEqualTo(504);
		assertThat(response.text()).contains("upstream_timeout", "request-timeout", "300ms");
	}

	@Test
	void answersUnreachableWhenTheConnectionIsRefused() throws IOException {
		TestGroup dead = this.gateway.group("openai").upstream(ScriptedUpstream.refusing()).keys("sk-1").create();
		Response response = dead.chat();
		assertThat(response.status()).isEqualTo(502);
		assertThat(response.text()).contains("upstream_unreachable").doesNotContain("sk-1");
		assertThat(response.head().headers("x-keymux-attempts")).containsExactly("4");
	}

	@Test
	void answersUnreachableWhenTheUpstreamResets() throws IOException {
		this.upstream.answer((_) -> Answer.reset());
		Response response = this.group.chat();
		assertThat(response.status()).isEqualTo(502);
		assertThat(response.text()).contains("upstream_unreachable");
	}

	@Test
	void answersUnreachableWhenTheUpstreamSpeaksNoHttp() throws IOException {
		this.upstream.answer((_) -> Answer.rawAndClose("SSH-2.0-OpenSSH_9.6\r\n"));
		assertThat(this.group.chat().status()).isEqualTo(502);
	}

	@Test
	void refusesABodyItMayNotHold() throws IOException {
		TestGroup small = spec().setting("max-body-size", "1KB").create();
		String json = "{\"model\":\"gpt\",\"x\":\"" + "y".repeat(2000) + "\"}";
		Response announced = small.post("/v1/chat/completions", json);
		assertThat(announced.status()).isEqualTo(413);
		assertThat(announced.text()).contains("body_too_large", "max-body-size");
		try (RawCaller caller = small.connect()) {
			caller.head(small.line("POST /v1/chat/completions"), "x-api-key: " + Gateway.ACCESS_KEY,
					"Content-Type: application/json", "Transfer-Encoding: chunked");
			caller.send(Integer.toHexString(json.length()) + "\r\n" + json + "\r\n0\r\n\r\n");
			assertThat(caller.readResponse().status()).isEqualTo(413);
		}
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void refusesAnUploadOverItsOwnBound() throws IOException {
		TestGroup small = spec().setting("max-upload-size", "1KB").create();
		byte[] upload = multipart(randomBytes(5000));
		try (RawCaller caller = small.connect()) {
			caller.head(small.line("POST /v1/files"), "x-api-key: " + Gateway.ACCESS_KEY,
					"Content-Type: multipart/form-data; boundary=xyz", "Content-Length: " + upload.length);
			assertThat(caller.send(upload).readResponse().status()).isEqualTo(413);
		}
	}

	@Test
	void streamsAnUploadThroughWithoutHoldingIt() throws IOException {
		TestGroup small = spec().setting("max-body-size", "64KB").create();
		byte[] upload = multipart(randomBytes(4_000_000));
		int half = upload.length / 2;
		try (RawCaller caller = small.connect()) {
			caller
				.head(small.line("POST /v1/files"), "x-api-key: " + Gateway.ACCESS_KEY,
						"Content-Type: multipart/form-data; boundary=xyz", "Content-Length: " + upload.length)
				.send(java.util.Arrays.copyOf(upload, half));
			ReceivedRequest request = this.upstream.take();
			Await.until("the first half at the upstream", () -> request.bodySize() >= half - 65_536);
			assertThat(request.complete()).isNotDone();
			caller.send(java.util.Arrays.copyOfRange(upload, half, upload.length));
			assertThat(caller.readResponse().status()).isEqualTo(200);
			assertThat(request.body()).isEqualTo(upload);
			assertThat(request.header("Content-Length")).isEqualTo(Integer.toString(upload.length));
		}
	}

	@Test
	void streamsAnUploadOfUnknownLength() throws IOException {
		byte[] part = randomBytes(100_000);
		try (RawCaller caller = this.group.connect()) {
			caller.head(this.group.line("POST /v1/files"), "x-api-key: " + Gateway.ACCESS_KEY,
					"Content-Type: application/octet-stream", "Transfer-Encoding: chunked");
			for (int i = 0; i < 3; i++) {
				caller.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
			}
			assertThat(caller.send("0\r\n\r\n").readResponse().status()).isEqualTo(200);
		}
		ReceivedRequest request = this.upstream.take();
		assertThat(request.bodySize()).isEqualTo(3 * part.length);
		assertThat(java.util.Arrays.copyOf(request.body(), part.length)).isEqualTo(part);
	}

	@Test
	void relaysAnAnswerThatComesBeforeTheUploadEnds() throws IOException {
		this.upstream.answerAtHead((_) -> Answer.json(400, "{\"error\":{\"message\":\"no such purpose\"}}"));
		try (RawCaller caller = this.group.connect()) {
			caller
				.head(this.group.line("POST /v1/files"), "x-api-key: " + Gateway.ACCESS_KEY,
						"Content-Type: multipart/form-data; boundary=xyz", "Content-Length: 1000000")
				.send("--xyz\r\n");
			Response response = caller.readResponse();
			assertThat(response.status()).isEqualTo(400);
			assertThat(response.text()).contains("no such purpose");
		}
	}

	@Test
	void letsACallerThatAsksContinue() throws IOException {
		String json = "{\"model\":\"gpt\"}";
		try (RawCaller caller = this.group.connect()) {
			caller.head(this.group.line("POST /v1/chat/completions"), "x-api-key: " + Gateway.ACCESS_KEY,
					"Content-Type: application/json", "Expect: 100-continue", "Content-Length: " + json.length());
			assertThat(caller.readHead().status()).isEqualTo(100);
			assertThat(caller.send(json).readResponse().status()).isEqualTo(200);
		}
		assertThat(this.upstream.take().text()).isEqualTo(json);
	}

	@Test
	void keepsOneConnectionForManyRequests() throws IOException {
		try (RawCaller caller = this.group.connect()) {
			for (int i = 0; i < 3; i++) {
				assertThat(this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readResponse().text())
					.isEqualTo("{}");
			}
		}
		assertThat(this.upstream.openConnections()).isEqualTo(1);
	}

	@Test
	void passesInterimAnswersOver() throws IOException {
		this.upstream.enqueue((wire) -> {
			wire.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
			Answer.json(200, "{\"final\":true}").play(wire);
		});
		try (RawCaller caller = this.group.connect()) {
			Head head = this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}").readHead();
			Head last = (head.status() == 103) ? caller.readHead() : head;
			assertThat(caller.readBody(last).text()).isEqualTo("{\"final\":true}");
		}
	}

	@Test
	void leadsAnUploadUrlBackThroughTheGateway() throws IOException {
		TestGroup gemini = this.gateway.group("gemini").upstream(this.upstream.url()).keys("AIza-1").create();
		this.upstream.enqueue(Reply.of(200)
			.header("x-goog-upload-url", this.upstream.url() + "/upload/v1beta/files?upload_id=AE_1&x=%2F")
			.body(""));
		Head head = gemini.call("POST /upload/v1beta/files", "Content-Length: 0").head();
		assertThat(head.headers("x-goog-upload-url"))
			.containsExactly(gemini.url() + "/upload/v1beta/files?upload_id=AE_1&x=%2F");
	}

	@Test
	void passesWebSocketsWithTheKeyRewritten() {
		WebSocketEcho echo = new WebSocketEcho();
		this.upstream.enqueue(echo);
		Messages messages = new Messages();
		try (HttpClient client = HttpClient.newHttpClient()) {
			WebSocket socket = Await.on(client.newWebSocketBuilder()
				.header("Authorization", "Bearer " + Gateway.ACCESS_KEY)
				.header("OpenAI-Beta", "realtime=v1")
				.subprotocols("realtime")
				.buildAsync(webSocketUrl("/v1/realtime?model=gpt-4o-realtime-preview"), messages));
			assertThat(socket.getSubprotocol()).isEqualTo("realtime");
			ReceivedRequest request = this.upstream.take();
			assertThat(request.target()).isEqualTo("/v1/realtime?model=gpt-4o-realtime-preview");
			assertThat(request.headers("Authorization")).containsExactly("Bearer sk-provider");
			assertThat(request.headers("OpenAI-Beta")).containsExactly("realtime=v1");
			assertThat(request.toString()).doesNotContain(Gateway.ACCESS_KEY);
			Await.on(socket.sendText("{\"type\":\"response.create\"}", true));
			Await.on(socket.sendBinary(ByteBuffer.wrap(randomBytes(100_000)), true));
			Await.until("the echo", () -> messages.binarySize() == 100_000);
			assertThat(messages.texts()).containsExactly("{\"type\":\"response.create\"}");
			Await.on(socket.sendClose(4002, "enough"));
			assertThat(Await.on(echo.closeCode())).isEqualTo(4002);
		}
	}

	@Test
	void passesTheCloseCodeOfTheProvider() {
		this.upstream.enqueue(new WebSocketEcho());
		Messages messages = new Messages();
		try (HttpClient client = HttpClient.newHttpClient()) {
			WebSocket socket = Await.on(client.newWebSocketBuilder()
				.header("Authorization", "Bearer " + Gateway.ACCESS_KEY)
				.buildAsync(webSocketUrl("/v1/realtime?model=gpt-4o-realtime-preview"), messages));
			Await.on(socket.sendText("close 4001", true));
			assertThat(Await.on(messages.closed())).isEqualTo(4001);
		}
	}

	@Test
	void passesTheRefusalOfAWebSocketOn() {
		this.upstream.answer((_) -> Answer.json(400, "{\"error\":{\"message\":\"beta header missing\"}}"));
		try (HttpClient client = HttpClient.newHttpClient()) {
			CompletableFuture<WebSocket> socket = client.newWebSocketBuilder()
				.header("Authorization", "Bearer " + Gateway.ACCESS_KEY)
				.buildAsync(webSocketUrl("/v1/realtime?model=x"), new Messages());
			assertThat(socket).failsWithin(Await.BOUND)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(WebSocketHandshakeException.class,
						(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(400));
		}
	}

	@Test
	void endsTheUpstreamsWebSocketWhenTheCallerIsGone() {
		this.upstream.enqueue(new WebSocketEcho());
		try (HttpClient client = HttpClient.newHttpClient()) {
			WebSocket socket = Await.on(client.newWebSocketBuilder()
				.header("Authorization", "Bearer " + Gateway.ACCESS_KEY)
				.buildAsync(webSocketUrl("/v1/realtime?model=x"), new Messages()));
			socket.abort();
			Await.until("the upstream's connection ends", () -> this.upstream.openConnections() == 0);
		}
	}

	private GroupSpec spec() {
		return this.gateway.group("openai").upstream(this.upstream.url()).keys("sk-provider");
	}

	private URI webSocketUrl(String path) {
		return URI.create(this.group.url().replace("http://", "ws://") + path);
	}

	private void assertBroken(String firstChunk) throws IOException {
		try (RawCaller caller = this.group.connect()) {
			this.group.send(caller, "/v1/chat/completions", "{\"model\":\"gpt\"}");
			caller.readHead();
			assertThat(caller.readChunk()).isEqualTo(firstChunk);
			assertThatExceptionOfType(IOException.class).isThrownBy(caller::readChunk);
		}
		assertThat(this.upstream.requests()).hasSize(1);
	}

	private static void readToTheEnd(RawCaller caller) throws IOException {
		String chunk = caller.readChunk();
		while (!chunk.isEmpty()) {
			chunk = caller.readChunk();
		}
	}

	private static byte[] multipart(byte[] file) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes("""
				--xyz\r
				Content-Disposition: form-data; name="purpose"\r
				\r
				batch\r
				--xyz\r
				Content-Disposition: form-data; name="file"; filename="a.bin"\r
				\r
				""".getBytes(StandardCharsets.US_ASCII));
		body.writeBytes(file);
		body.writeBytes("\r\n--xyz--\r\n".getBytes(StandardCharsets.US_ASCII));
		return body.toByteArray();
	}

	private static byte[] gzip(String text) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
			zip.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}

	private static byte[] randomBytes(int size) {
		byte[] bytes = new byte[size];
		new Random(42).nextBytes(bytes);
		return bytes;
	}

	/** A span of time that must pass, because the passing of time is what is tested. */
	private record Elapsed(long start, long millis) {

		Elapsed(long millis) {
			this(System.nanoTime(), millis);
		}

		boolean over() {
			return System.nanoTime() - this.start >= this.millis * 1_000_000;
		}

	}

}
