package io.keymux.gateway.proxy;

import java.net.URI;

import io.keymux.gateway.upstream.Upstream;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

import org.springframework.stereotype.Component;

/**
 * Leads resumable uploads back through the gateway.
 *
 * <p>
 * Gemini answers the start of an upload with the URL for the bytes (x-goog-upload-url,
 * ai.google.dev/api/files). Taken as it is, a caller would send its access key to the
 * provider.
 */
@Component
class UploadLinks {

	private static final String UPLOAD_URL = "x-goog-upload-url";

	private final ProxyProperties properties;

	UploadLinks(ProxyProperties properties) {
		this.properties = properties;
	}

	void rewrite(HttpHeaders headers, ProxyRequest request, Upstream upstream) {
		String link = headers.get(UPLOAD_URL);
		if (link != null && link.startsWith(upstream.url() + "/")) {
			headers.set(UPLOAD_URL,
					base(request) + ProxyRequest.PREFIX + request.group() + link.substring(upstream.url().length()));
		}
	}

	private String base(ProxyRequest request) {
		URI publicUrl = this.properties.publicUrl();
		if (publicUrl != null && !publicUrl.toString().isEmpty()) {
			String url = publicUrl.toString();
			return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
		}
		return request.request().scheme() + "://" + request.headers().get(HttpHeaderNames.HOST);
	}

}
