package io.keymux.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keymux.gateway.admin.Administrator;
import io.keymux.gateway.admin.Credential;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.admin.Voucher;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.crypto.KeyedHasher;
import io.keymux.gateway.crypto.Secrets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Knows sessions by what their cookies say. Nothing is stored: any node reads a cookie
 * that another one wrote, and asks whether the credential behind it is still good.
 */
@Component
public class Sessions {

	private static final Duration LONGEST = Duration.ofHours(8);

	private static final int MAX_ENDED = 100_000;

	private static final JsonMapper json = JsonMapper.shared();

	private final SignedText cookie;

	private final KeyedHasher csrf;

	private final List<Voucher> vouchers;

	private final InstantSource time;

	/** Who logged out; kept until the cookie would have expired. */
	private final Cache<String, Boolean> ended;

	Sessions(KeyedHasher hasher, List<Voucher> vouchers, InstantSource time) {
		this.cookie = new SignedText(hasher, "session 1");
		this.csrf = hasher.derive("csrf");
		this.vouchers = vouchers;
		this.time = time;
		this.ended = Caffeine.newBuilder()
			.maximumSize(MAX_ENDED)
			.expireAfterWrite(LONGEST)
			.ticker(() -> TimeUnit.MILLISECONDS.toNanos(time.millis()))
			.build();
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
		Session session = json.readValue(text, Claims.class).session();
		boolean live = this.time.instant().isBefore(session.expiresAt())
				&& this.ended.getIfPresent(session.id()) == null
				&& this.vouchers.stream().anyMatch((voucher) -> voucher.vouchesFor(session.credential()));
		return live ? session : null;
	}

	/**
	 * What a request must carry beside the cookie to change anything.
	 * @param session the session
	 * @return known to those who can read an answer, not to those who can only send
	 */
	public String csrfToken(Session session) {
		return this.csrf.hash(session.id()).text();
	}

	@EventListener
	void forget(SessionEnded notice) {
		this.ended.put(notice.id(), true);
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
