package io.keymux.gateway.proxy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.keymux.gateway.access.ClientAddress;
import io.keymux.gateway.access.PresentedKey;
import io.keymux.gateway.group.HeaderTemplate.Piece;
import io.keymux.gateway.group.HeaderTemplate.Variable;
import io.keymux.gateway.group.HeaderTemplate;
import io.keymux.gateway.group.ServingGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Makes the headers that go out, both ways: what belongs to one connection stays behind.
 */
@Component
class OutgoingHeaders {

	/** Any coding but gzip, deflate and none at all (RFC 9110, 12.5.3). */
	private static final Pattern UNREADABLE_CODING = Pattern
		.compile("(?i)(?:^|,)\\s*(?!x-gzip|gzip|deflate|identity)[^\\s,;]");

	private final ClientAddress clientAddress;

	private final InstantSource time;

	OutgoingHeaders(ClientAddress clientAddress, InstantSource time) {
		this.clientAddress = clientAddress;
		this.time = time;
	}

	/** Copies end-to-end headers (RFC 9110, 7.6.1) but for the caller's credentials. */
	static void copyRequest(HttpHeaders from, HttpHeaders to) {
		copy(from, to, true);
	}

	/** Copies a provider's end-to-end headers but for those on limits of its keys. */
	static void copyResponse(HttpHeaders from, HttpHeaders to) {
		copy(from, to, false);
	}

	private static void copy(HttpHeaders from, HttpHeaders to, boolean request) {
		Set<String> named = connectionOptions(from);
		Iterator<Map.Entry<CharSequence, CharSequence>> headers = from.iteratorCharSequence();
		while (headers.hasNext()) {
			Map.Entry<CharSequence, CharSequence> header = headers.next();
			CharSequence name = header.getKey();
			if (!HopByHop.test(name) && !(request ? HopByHop.replaced(name) : LimitHeaders.tells(name))
					&& (named.isEmpty() || !named.contains(name.toString().toLowerCase(Locale.ROOT)))) {
				to.add(name, header.getValue());
			}
		}
	}

	private static Set<String> connectionOptions(HttpHeaders headers) {
		if (!headers.contains(HttpHeaderNames.CONNECTION)) {
			return Set.of();
		}
		Set<String> named = new HashSet<>();
		for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
			for (String option : value.split(",", -1)) {
				named.add(option.strip().toLowerCase(Locale.ROOT));
			}
		}
		// Two that almost every client sends and that name no header of their own.
		named.remove("keep-alive");
		named.remove("close");
		return named;
	}

	/**
	 * Carries out header rules, last of all, so that they may change anything but
	 * framing.
	 */
	void applyRules(ServingGroup rules, Target target, HttpHeaders headers, ProxyRequest request) {
		for (HeaderTemplate rule : rules.headerRules()) {
			List<Piece> pieces = rule.pieces();
			if (pieces == null) {
				headers.remove(rule.name());
			}
			else {
				headers.set(rule.name(), join(pieces, target, request));
			}
		}
	}

	private String join(List<Piece> pieces, Target target, ProxyRequest request) {
		StringBuilder value = new StringBuilder();
		for (Piece piece : pieces) {
			value.append(piece.literal());
			Variable variable = piece.variable();
			if (variable != null) {
				value.append(value(variable, target, request));
			}
		}
		return value.toString();
	}

	private String value(Variable variable, Target target, ProxyRequest request) {
		Instant now = this.time.instant();
		return switch (variable) {
			case CLIENT_IP -> this.clientAddress.of(request.request());
			case GROUP_NAME -> target.group().name();
			case API_KEY -> target.lease().secret();
			case TIMESTAMP_MS -> Long.toString(now.toEpochMilli());
			case TIMESTAMP_S -> Long.toString(now.getEpochSecond());
			case REQUEST_ID -> request.id();
		};
	}

	/** Names that belong to one connection, told apart by length first. */
	static final class HopByHop {

		private HopByHop() {
		}

		static boolean test(CharSequence name) {
			return switch (name.length()) {
				case 2 -> same("te", name);
				case 7 -> same("trailer", name) || same("upgrade", name);
				case 10 -> same("connection", name) || same("keep-alive", name);
				case 16 -> same("proxy-connection", name);
				case 17 -> same("transfer-encoding", name);
				case 18 -> same("proxy-authenticate", name);
				case 19 -> same("proxy-authorization", name);
				default -> false;
			};
		}

		/** Request headers the gateway says itself, or that were for the gateway. */
		static boolean replaced(CharSequence name) {
			return switch (name.length()) {
				case 4 -> same("host", name);
				case 6 -> same("expect", name);
				case 9 -> same("x-api-key", name);
				case 13 -> same("authorization", name);
				case 14 -> same("content-length", name) || same("x-goog-api-key", name);
				default -> false;
			};
		}

		private static boolean same(String expected, CharSequence name) {
			return io.netty.util.AsciiString.contentEqualsIgnoreCase(expected, name);
		}

	}

	/**
	 * Asks for no coding that token usage could not be read from; the answer itself is
	 * never unpacked.
	 */
	static void keepReadableCodings(HttpHeaders headers) {
		String accepted = headers.get(HttpHeaderNames.ACCEPT_ENCODING);
		if (accepted == null || !UNREADABLE_CODING.matcher(accepted).find()) {
			return;
		}
		StringBuilder kept = new StringBuilder();
		for (String value : headers.getAll(HttpHeaderNames.ACCEPT_ENCODING)) {
			for (String coding : value.split(",", -1)) {
				if (!coding.isBlank() && !UNREADABLE_CODING.matcher(coding).find()) {
					kept.append(kept.isEmpty() ? "" : ", ").append(coding.strip());
				}
			}
		}
		headers.set(HttpHeaderNames.ACCEPT_ENCODING, kept.isEmpty() ? "identity" : kept.toString());
	}

	/** Drops what each of the two handshakes says for itself. */
	static void removeHandshake(HttpHeaders headers) {
		headers.remove(HttpHeaderNames.SEC_WEBSOCKET_KEY)
			.remove(HttpHeaderNames.SEC_WEBSOCKET_VERSION)
			.remove(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)
			.remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
	}

	/** A list of subprotocols without the one that carried the caller's credential. */
	static @Nullable String subprotocols(HttpHeaders headers) {
		String offered = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
		if (offered == null) {
			return null;
		}
		List<String> kept = java.util.Arrays.stream(offered.split(",", -1))
			.map(String::strip)
			.filter((protocol) -> !protocol.isEmpty() && !protocol.startsWith(PresentedKey.SUBPROTOCOL_PREFIX))
			.toList();
		return kept.isEmpty() ? null : String.join(",", kept);
	}

}
