package io.keymux.gateway.gptload;

import java.util.List;

/** Brings weights below Keymux's bound without changing what share each has. */
final class Weights {

	static final int MAX = 1000;

	private Weights() {
	}

	/** Whether all are within the bounds. */
	static boolean fit(List<Long> weights) {
		return weights.stream().allMatch((weight) -> weight >= 0 && weight <= MAX);
	}

	/**
	 * Scales weights so that the largest is within the bound; a weight above 0 stays
	 * above 0.
	 * @param weights weights as written
	 * @return as many weights from 0 to 1000
	 */
	static List<Integer> scaled(List<Long> weights) {
		long largest = weights.stream().mapToLong(Long::longValue).max().orElse(0);
		return weights.stream().map((weight) -> {
			if (weight <= 0 || largest <= MAX) {
				return (int) Math.max(weight, 0);
			}
			return (int) Math.max(1, Math.round((double) weight / largest * MAX));
		}).toList();
	}

}
