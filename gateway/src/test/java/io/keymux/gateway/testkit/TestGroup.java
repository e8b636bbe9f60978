package io.keymux.gateway.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A group in service, seen by a caller.
 *
 * @param gateway the gateway that serves it
 * @param name its name
 */
public record TestGroup(Gateway gateway, String name) {

	/**
	 * Where it is found on the gateway.
	 * @return path without trailing slash
	 */
	public String path() {
		return "/proxy/" + this.name;
	}

	/**
	 * Base URL for SDKs.
	 * @return without trailing slash
	 */
	public String url() {
		return "http://127.0.0.1:" + this.gateway.port() + path();
	}

	/**
	 * Opens a connection to the gateway.
	 * @return to be closed by the test
	 * @throws IOException if it does not listen
	 */
	public RawCaller connect() throws IOException {
		return RawCaller.connect(this.gateway.port());
	}

	/**
	 * Sends a request with the access key as bearer and reads the answer.
	 * @param requestLine method and target below the group, such as
	 * {@code GET /v1/models}
	 * @param headers further header lines
	 * @return the answer
	 * @throws IOException if it is cut
	 */
	public RawCaller.Response call(String requestLine, String... headers) throws IOException {
		try (RawCaller caller = connect()) {
			return caller.head(line(requestLine), with(headers)).readResponse();
		}
	}

	/**
	 * Sends a JSON body with the access key as bearer and reads the answer.
	 * @param path path below the group
	 * @param json the body
	 * @param headers further header lines
	 * @return the answer
	 * @throws IOException if it is cut
	 */
	public RawCaller.Response post(String path, String json, String... headers) throws IOException {
		try (RawCaller caller = connect()) {
			return send(caller, path, json, headers).readResponse();
		}
	}

	/**
	 * Sends a JSON body with the access key as bearer.
	 * @param caller the connection
	 * @param path path below the group
	 * @param json the body
	 * @param headers further header lines
	 * @return the connection
	 * @throws IOException if the gateway is gone
	 */
	public RawCaller send(RawCaller caller, String path, String json, String... headers) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
		all[headers.length] = "Content-Type: application/json";
		all[headers.length + 1] = "Content-Length: " + body.length;
		return caller.head(line("POST " + path), with(all)).send(body);
	}

	/**
	 * Asks for a chat completion and reads the answer.
	 * @return the answer
	 * @throws IOException if it is cut
	 */
	public RawCaller.Response chat() throws IOException {
		return chat("gpt-4o-mini");
	}

	/**
	 * Asks a model for a chat completion and reads the answer.
	 * @param model the model
	 * @return the answer
	 * @throws IOException if it is cut
	 */
	public RawCaller.Response chat(String model) throws IOException {
		return post("/v1/chat/completions", """
				{"model":"%s","messages":[{"role":"user","content":"hi"}]}""".formatted(model));
	}

	/**
	 * A request line towards this group.
	 * @param requestLine method and target below the group
	 * @return method and target on the gateway
	 */
	public String line(String requestLine) {
		int space = requestLine.indexOf(' ');
		return requestLine.substring(0, space + 1) + path() + requestLine.substring(space + 1);
	}

	private static String[] with(String... headers) {
		String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
		all[headers.length] = "Authorization: Bearer " + Gateway.ACCESS_KEY;
		return all;
	}

}
