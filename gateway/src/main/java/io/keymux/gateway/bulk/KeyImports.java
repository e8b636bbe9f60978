package io.keymux.gateway.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import java.util.function.Supplier;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.key.ProviderKeys;
import io.keymux.gateway.problem.Problem;
import io.keymux.gateway.task.Task;
import io.keymux.gateway.task.Tasks;

import org.springframework.stereotype.Service;

/**
 * Imports provider keys of any number: the upload is put aside in pieces as it arrives,
 * and a task adds them piece by piece.
 */
@Service
public class KeyImports {

	private final KeyPieces pieces;

	private final ProviderKeys keys;

	private final Tasks tasks;

	KeyImports(KeyPieces pieces, ProviderKeys keys, Tasks tasks) {
		this.pieces = pieces;
		this.keys = keys;
		this.tasks = tasks;
	}

	/**
	 * Takes an upload in and starts the task that adds its keys. An upload that breaks
	 * off or holds a line that can be no key adds nothing.
	 * @param actor who wants it
	 * @param group the group
	 * @param upload opens the keys, one a line, ASCII; opened only when it is read, and
	 * closed
	 * @return the task
	 * @throws IOException if the upload breaks off
	 */
	public Task start(Actor actor, String group, Supplier<InputStream> upload) throws IOException {
		this.keys.checkTakesKeys(group);
		this.pieces.deleteOld();
		String id = UUID.randomUUID().toString();
		boolean complete = false;
		try (InputStream keys = upload.get()) {
			Counter counter = new Counter();
			new KeyUpload(keys, (piece) -> this.pieces.add(id, counter.pieces++, piece)).read();
			if (counter.pieces == 0) {
				throw new Problem.Invalid("", "the upload is empty (expected: keys, one a line)");
			}
			Task task = this.tasks.start(actor, KeyImportJob.KIND, group, new KeyImportJob.Upload(id));
			complete = true;
			return task;
		}
		finally {
			if (!complete) {
				this.pieces.deleteAll(id);
			}
		}
	}

	private static final class Counter {

		private int pieces;

	}

}
