package io.keymux.gateway.bulk;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.key.KeyQuery;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;

import org.springframework.stereotype.Service;

/** Hands out provider keys in plain text; each time is noted in the audit log. */
@Service
public class KeyExport {

	private static final int PIECE = 1000;

	private final ProviderKeys keys;

	private final AuditLog audit;

	KeyExport(ProviderKeys keys, AuditLog audit) {
		this.keys = keys;
		this.audit = audit;
	}

	/**
	 * Reads keys, some hundreds at a time.
	 * @param actor who wants them
	 * @param group the group
	 * @param query which of them
	 * @return pieces of text, one key a line
	 */
	public Stream<String> lines(Actor actor, String group, KeyQuery query) {
		List<Long> ids = this.keys.select(group, query);
		this.audit.record(actor, "provider-key.export", group, null, Map.of("keys", ids.size()));
		return IntStream.iterate(0, (from) -> from < ids.size(), (from) -> from + PIECE)
			.mapToObj((from) -> lines(group, ids.subList(from, Math.min(from + PIECE, ids.size()))));
	}

	private String lines(String group, List<Long> ids) {
		StringBuilder lines = new StringBuilder();
		for (NewKey key : this.keys.secrets(group, ids)) {
			lines.append(key.secret()).append('\n');
		}
		return lines.toString();
	}

}
