package io.keymux.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Credential;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.admin.Voucher;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Secrets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Knows sessions by what their cookies say. Nothing is stored but their end: any node
 * reads a cookie that another one wrote, and asks whether the credential behind it is
 * still good.
 */
@Component
public class Sessions {

	private static final Duration LONGEST = Duration.ofHours(8);

	private static final JsonMapper json = JsonMapper.shared();

	private final SignedText cookie;

	private final KeyedHasher csrf;

	private final List<Voucher> vouchers;

	private final InstantSource time;

	private final EndedSessions ended;

	Sessions(SessionSigner signer, KeyedHasher hasher, List<Voucher> vouchers, EndedSessions ended,
			InstantSource time) {
		this.cookie = signer.signs("session 1");
		this.csrf = hasher.derive("csrf");
		this.vouchers = vouchers;
		this.time = time;
		this.ended = ended;
	}

	/** A session of someone whose credential was just accepted. */
	Session of(Credential credential) {
		Instant now = this.time.instant().truncatedTo(ChronoUnit.SECONDS);
		Instant latest = now.plus(LONGEST);
		Instant end = credential.expiresAt();
		return new Session(Secrets.draw(""), credential.administrator(), credential.fingerprint(), now,
				(end != null && end.isBefore(latest)) ? end : latest);
	}

	String seal(Session session) {
		Administrator administrator = session.administrator();
		return this.cookie.sign(json.writeValueAsString(new Claims(session.id(), administrator.name(),
				administrator.role(), administrator.via(), session.credential(), session.issuedAt().getEpochSecond(),
				session.expiresAt().toEpochMilli())));
	}

	/** The session a cookie tells of, or null if it is over or was never ours. */
	@Nullable Session open(String sealed) {
		String text = this.cookie.open(sealed);
		if (text == null) {
			return null;
		}
		Session claimed = json.readValue(text, Claims.class).session();
		if (!this.time.instant().isBefore(claimed.expiresAt()) || this.ended.contains(claimed.id())) {
			return null;
		}
		for (Voucher voucher : this.vouchers) {
			Administrator known = voucher.vouchFor(claimed.credential(), claimed.administrator());
			if (known != null) {
				return claimed.of(known);
			}
		}
		return null;
	}

	/**
	 * What a request must carry beside the cookie to change anything.
	 * @param session the session
	 * @return known to those who can read an answer, not to those who can only send
	 */
	public String csrfToken(Session session) {
		return this.csrf.hash(session.id()).text();
	}

	/** What a cookie says; whoever changes it counts up the purpose it is signed for. */
	private record Claims(String id, String name, Role role, Actor.Kind via, String credential, long issued,
			long expires) {

		Session session() {
			return new Session(this.id, new Administrator(this.name, this.role, this.via), this.credential,
					Instant.ofEpochSecond(this.issued), Instant.ofEpochMilli(this.expires));
		}

	}

}
