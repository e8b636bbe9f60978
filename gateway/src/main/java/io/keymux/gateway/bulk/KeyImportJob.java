package io.keymux.gateway.bulk;

import java.util.Optional;

import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.key.NewKey;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.task.TaskJob;
import io.keymux.gateway.task.TaskRun;

import org.springframework.stereotype.Component;

/** Adds the keys of an upload, piece by piece. */
@Component
class KeyImportJob implements TaskJob {

	static final String KIND = "key-import";

	private final KeyPieces pieces;

	private final ProviderKeys keys;

	private final ChangeBus changes;

	KeyImportJob(KeyPieces pieces, ProviderKeys keys, ChangeBus changes) {
		this.pieces = pieces;
		this.keys = keys;
		this.changes = changes;
	}

	@Override
	public String kind() {
		return KIND;
	}

	@Override
	public void run(TaskRun run) {
		String upload = run.parameters(Upload.class).upload();
		long total = this.pieces.linesLeft(upload);
		ProviderKeys.AddedKeys sum = new ProviderKeys.AddedKeys(0, 0);
		Optional<ProviderKeys.AddedKeys> next = Optional.of(sum);
		while (next.isPresent()) {
			sum = sum.plus(next.get());
			run.progress(sum.added() + sum.ignored(), total, sum);
			next = addPiece(upload, run.target());
		}
	}

	/** Adding the keys and forgetting the piece happen together or not at all. */
	private Optional<ProviderKeys.AddedKeys> addPiece(String upload, String group) {
		return this.changes.write(() -> this.pieces.first(upload).map((piece) -> {
			this.pieces.delete(upload, piece.number());
			return this.keys.addSome(group, piece.keys().stream().map(NewKey::of).toList());
		}));
	}

	/** Which upload a task adds. */
	record Upload(String upload) {
	}

}
