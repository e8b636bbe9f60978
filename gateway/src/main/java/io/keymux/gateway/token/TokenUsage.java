package io.keymux.gateway.token;

/**
 * Tokens of one request. Whatever a provider counts apart or together, here the parts are
 * contained in the whole.
 *
 * @param input input tokens, all of them
 * @param output output tokens, all of them
 * @param cached input tokens that were read from the provider's cache
 * @param cacheWritten input tokens that were written to the provider's cache
 * @param reasoning output tokens that were spent on reasoning
 */
public record TokenUsage(long input, long output, long cached, long cacheWritten, long reasoning) {

	/** No tokens. */
	public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0);

	/**
	 * Adds up.
	 * @param other other tokens
	 * @return the sum
	 */
	public TokenUsage plus(TokenUsage other) {
		return new TokenUsage(this.input + other.input, this.output + other.output, this.cached + other.cached,
				this.cacheWritten + other.cacheWritten, this.reasoning + other.reasoning);
	}

}
