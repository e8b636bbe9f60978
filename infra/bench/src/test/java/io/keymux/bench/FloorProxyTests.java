package io.keymux.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;

import static org.assertj.core.api.Assertions.assertThat;

class FloorProxyTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final String JSON = "{\"model\":\"gpt-4.1\",\"messages\":[]}";

	private static final String STREAM = "{\"model\":\"gpt-4.1\",\"stream\":true,\"messages\":[]}";

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

	private final DisposableServer upstream = new MockUpstream(Duration.ZERO).start(0);

	private final DisposableServer floor = new FloorProxy("http://127.0.0.1:" + this.upstream.port()).start(0);

	@AfterEach
	void stop() {
		this.floor.disposeNow();
		this.upstream.disposeNow();
		this.client.close();
	}

	@Test
	void relaysTheAnswerAsItCame() throws Exception {
		HttpResponse<String> relayed = throughFloor(JSON);
		HttpResponse<String> direct = straight(JSON, "sk-bench-1");
		assertThat(relayed.statusCode()).isEqualTo(200);
		assertThat(relayed.body()).hasSizeBetween(650, 850).isEqualTo(direct.body());
		assertThat(relayed.headers()).isEqualTo(direct.headers());
	}

	@Test
	void relaysTheStreamAsItCame() throws Exception {
		HttpResponse<String> relayed = throughFloor(STREAM);
		HttpResponse<String> direct = straight(STREAM, "sk-bench-1");
		assertThat(relayed.body()).endsWith("data: [DONE]\n\n").isEqualTo(direct.body());
		assertThat(relayed.body().split("\n\n")).hasSize(20);
		assertThat(relayed.headers()).isEqualTo(direct.headers());
	}

	@Test
	void upstreamRefusesTheKeyOfTheCaller() throws Exception {
		assertThat(straight(JSON, "ak-caller").statusCode()).isEqualTo(401);
	}

	@Test
	void upstreamCountsWhatItAnswered() throws Exception {
		throughFloor(JSON);
		throughFloor(STREAM);
		HttpRequest count = HttpRequest.newBuilder(uri(this.upstream, "/count")).timeout(TIMEOUT).build();
		assertThat(this.client.send(count, BodyHandlers.ofString()).body()).isEqualTo("2");
	}

	private HttpResponse<String> throughFloor(String body) throws IOException, InterruptedException {
		return post(uri(this.floor, "/proxy/group/v1/chat/completions"), body, "ak-caller");
	}

	private HttpResponse<String> straight(String body, String key) throws IOException, InterruptedException {
		return post(uri(this.upstream, "/v1/chat/completions"), body, key);
	}

	private HttpResponse<String> post(URI uri, String body, String key) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri)
			.timeout(TIMEOUT)
			.header("Authorization", "Bearer " + key)
			.POST(BodyPublishers.ofString(body))
			.build();
		return this.client.send(request, BodyHandlers.ofString());
	}

	private static URI uri(DisposableServer server, String path) {
		return URI.create("http://127.0.0.1:" + server.port() + path);
	}

}
