package io.keymux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Keeps cookies as a browser does, and follows a redirect only when it is told to. */
final class Browser {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);

	private final HttpClient client = HttpClient.newBuilder()
		.cookieHandler(this.cookies)
		.followRedirects(HttpClient.Redirect.NEVER)
		.connectTimeout(BOUND)
		.build();

	HttpResponse<String> get(URI uri) {
		return send(HttpRequest.newBuilder(uri).header("Accept", "text/html,*/*;q=0.5"));
	}

	HttpResponse<String> post(URI uri, String contentType, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri)
			.header("Content-Type", contentType)
			.POST(BodyPublishers.ofString(body));
		return send((headers.length > 0) ? request.headers(headers) : request);
	}

	HttpResponse<String> submit(URI uri, Map<String, String> fields) {
		String form = fields.entrySet()
			.stream()
			.map((field) -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
		return post(uri, "application/x-www-form-urlencoded", form);
	}

	/** Whether a GET is answered with 200. */
	boolean reaches(URI uri) {
		try {
			return get(uri).statusCode() == 200;
		}
		catch (UncheckedIOException ex) {
			return false;
		}
	}

	/** Whether a GET is answered, with whatever status. */
	boolean answers(URI uri) {
		try {
			return get(uri).statusCode() > 0;
		}
		catch (UncheckedIOException ex) {
			return false;
		}
	}

	/** Where an answer redirects to. */
	static URI location(HttpResponse<String> answer) {
		String location = answer.headers()
			.firstValue("Location")
			.orElseThrow(() -> new AssertionError("%s answered %d without a Location: %s".formatted(answer.uri(),
					answer.statusCode(), answer.body())));
		return answer.uri().resolve(location);
	}

	List<HttpCookie> cookies() {
		return this.cookies.getCookieStore().getCookies();
	}

	HttpCookie cookie(String name) {
		return cookies().stream()
			.filter((cookie) -> cookie.getName().equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No cookie '%s' among %s".formatted(name, cookies())));
	}

	/** Gives the browser a cookie. */
	void keep(URI uri, String name, String value) {
		HttpCookie cookie = new HttpCookie(name, value);
		cookie.setPath("/");
		cookie.setVersion(0);
		this.cookies.getCookieStore().add(uri, cookie);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.timeout(BOUND).build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

}
