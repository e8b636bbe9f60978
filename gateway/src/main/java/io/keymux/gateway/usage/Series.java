package io.keymux.gateway.usage;

/**
 * What a row of usage is about; what its cube does not tell apart is empty.
 *
 * @param cube the cube
 * @param group group, or empty
 * @param model model, or empty
 * @param caller caller, or empty
 * @param providerKey identity of the provider key, or 0
 */
record Series(Cube cube, String group, String model, String caller, long providerKey) {

	/** What stands for names beyond a bound. */
	static final String OTHER = "other";

	Series withModel(String name) {
		return new Series(this.cube, this.group, name, this.caller, this.providerKey);
	}

}
