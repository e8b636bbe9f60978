package io.keymux.gateway.provider;

import java.util.Locale;

/** The kind of call a request makes, as far as the gateway cares. */
public enum Operation {

	/** A conversation: chat completions, responses, messages, generateContent. */
	CHAT(true),

	/** A plain completion. */
	COMPLETION(true),

	/** Embeddings. */
	EMBEDDINGS(true),

	/** Images made or edited. */
	IMAGE(true),

	/** Speech from text. */
	SPEECH(true),

	/** Text from speech. */
	TRANSCRIPTION(true),

	/** Moderation of input. */
	MODERATION(true),

	/** Counting of tokens. */
	TOKEN_COUNT(true),

	/** A live conversation over WebSocket. */
	REALTIME(true),

	/** The list of models. */
	MODEL_LIST(false),

	/** One model's description. */
	MODEL(false),

	/** Anything else: files, batches, what is to come. */
	OTHER(false);

	private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

	private final boolean needsModel;

	Operation(boolean needsModel) {
		this.needsModel = needsModel;
	}

	/**
	 * Whether a request of this kind names the model it is for.
	 * @return true if it does
	 */
	public boolean needsModel() {
		return this.needsModel;
	}

	/**
	 * The name in the API and in the database.
	 * @return for example {@code model-list}
	 */
	public String key() {
		return this.key;
	}

	/** Whether the provider charges tokens for it. */
	public boolean usesTokens() {
		return this.needsModel && this != MODERATION && this != TOKEN_COUNT;
	}

}
