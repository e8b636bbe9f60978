package io.keymux.gateway.session;

import java.time.Instant;

import io.keymux.gateway.admin.Admission;
import io.keymux.gateway.admin.Credential;
import io.keymux.gateway.admin.Role;
import io.keymux.gateway.admin.Verdict;
import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/**
 * Begins and ends sessions, and notes that in the audit log; all methods block. A login
 * that is throttled is not noted: nobody can flood the log.
 */
@Service
public class Logins {

	private static final String LOGIN = "login";

	private final Admission admission;

	private final Sessions sessions;

	private final EndedSessions ended;

	private final AuditLog audit;

	private final ChangeBus changes;

	Logins(Admission admission, Sessions sessions, EndedSessions ended, AuditLog audit, ChangeBus changes) {
		this.admission = admission;
		this.sessions = sessions;
		this.ended = ended;
		this.audit = audit;
		this.changes = changes;
	}

	/**
	 * Lets someone log in with a key.
	 * @param key the admin key or an API token
	 * @param address where the request comes from
	 * @return what becomes of it
	 */
	public Login login(String key, String address) {
		return switch (this.admission.judge(key, address)) {
			case Verdict.Admitted(var credential) -> new Login.Begun(begin(credential, address));
			case Verdict.Refused() -> {
				refuse(new Actor("unknown", Actor.Kind.UNKNOWN, address), LOGIN);
				yield new Login.Refused();
			}
			case Verdict.Throttled(var retryAfter) -> new Login.Throttled(retryAfter);
		};
	}

	/**
	 * Begins a session for someone whose credential was accepted.
	 * @param credential what he has proved
	 * @param address where the request comes from
	 * @return the session
	 */
	public Session begin(Credential credential, String address) {
		Session session = this.sessions.of(credential);
		Actor actor = session.administrator().actor(address);
		note(actor, "session.begin", actor.name(),
				new Began(session.administrator().role(), session.issuedAt(), session.expiresAt()));
		return session;
	}

	/**
	 * Notes that someone was not let in.
	 * @param actor who he says he is, or the unknown
	 * @param target what he tried
	 */
	public void refuse(Actor actor, String target) {
		note(actor, "session.refuse", target, null);
	}

	/**
	 * Ends a session on all nodes.
	 * @param session the session
	 * @param address where the request comes from
	 */
	public void end(Session session, String address) {
		Actor actor = session.administrator().actor(address);
		this.changes.write(() -> {
			this.ended.store(session);
			this.audit.record(actor, "session.end", actor.name(), null, null);
			this.changes.announce(new SessionEnded(session.id(), session.expiresAt()));
			return session;
		});
	}

	private void note(Actor actor, String action, String target, @Nullable Object after) {
		this.changes.write(() -> {
			this.audit.record(actor, action, target, null, after);
			return actor;
		});
	}

	/** What the audit log tells about a session that began. */
	private record Began(Role role, Instant issuedAt, Instant expiresAt) {
	}

}
