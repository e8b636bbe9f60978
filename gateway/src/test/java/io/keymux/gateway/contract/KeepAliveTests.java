package io.keymux.gateway.contract;

import java.io.IOException;

import io.keymux.gateway.testkit.Answer;
import io.keymux.gateway.testkit.Gateway;
import io.keymux.gateway.testkit.RawCaller;
import io.keymux.gateway.testkit.ScriptedUpstream;
import io.keymux.gateway.testkit.TestGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A connection serves one request after the other, whatever became of the last one. */
class KeepAliveTests {

	private static final String ACCESS = "Authorization: Bearer " + Gateway.ACCESS_KEY;

	private final ScriptedUpstream upstream = ScriptedUpstream.start().answer((_) -> Answer.json(200, "{}"));

	private final TestGroup group = Gateway.running()
		.group("openai")
		.upstream(this.upstream.url())
		.keys("sk-one")
		.create();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	/** Refusals need no time at all; the server must not forget to read on after one. */
	@Test
	void goesOnAfterARefusalThatWaitedForAnAnswer() throws IOException {
		String models = this.group.line("GET /v1/models");
		try (RawCaller caller = this.group.connect()) {
			caller.head(models, ACCESS).head(models, "Authorization: Bearer wrong");
			assertThat(caller.readResponse().status()).isEqualTo(200);
			assertThat(caller.readResponse().status()).isEqualTo(401);
			assertThat(caller.head(models, ACCESS).readResponse().status()).isEqualTo(200);
		}
	}

}
