package io.keymux.gateway.proxy;

import io.keymux.gateway.access.FrontProperties;
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

	private final FrontProperties front;

	UploadLinks(FrontProperties front) {
		this.front = front;
	}

	void rewrite(HttpHeaders headers, ProxyRequest request, Upstream upstream) {
		String link = headers.get(UPLOAD_URL);
		if (link != null && link.startsWith(upstream.url() + "/")) {
			headers.set(UPLOAD_URL,
					base(request) + ProxyRequest.PREFIX + request.group() + link.substring(upstream.url().length()));
		}
	}

	private String base(ProxyRequest request) {
		String base = this.front.base();
		if (base != null) {
			return base;
		}
		return request.request().scheme() + "://" + request.headers().get(HttpHeaderNames.HOST);
	}

}
