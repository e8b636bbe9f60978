package io.keymux.gateway.usage;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * How often which durations occurred: exact below 64 ms, then 32 steps to each power of
 * two, so that the middle of a step is at most 1.6 % off. Only steps that occurred are
 * kept, in order.
 */
final class Histogram {

	private static final int STEP_BITS = 5;

	private static final int STEPS = 1 << STEP_BITS;

	private static final long MAX = Integer.MAX_VALUE;

	private int[] steps;

	private long[] counts;

	private int size;

	Histogram() {
		this.steps = new int[4];
		this.counts = new long[4];
	}

	Histogram(Histogram other) {
		this.steps = Arrays.copyOf(other.steps, Math.max(1, other.size));
		this.counts = Arrays.copyOf(other.counts, Math.max(1, other.size));
		this.size = other.size;
	}

	static Histogram parse(byte[] bytes) {
		Histogram histogram = new Histogram();
		histogram.addAll(bytes);
		return histogram;
	}

	void add(long millis) {
		add(step(Math.clamp(millis, 0, MAX)), 1);
	}

	void addAll(Histogram other) {
		for (int i = 0; i < other.size; i++) {
			add(other.steps[i], other.counts[i]);
		}
	}

	/** Adds what another one was written as. */
	void addAll(byte[] bytes) {
		int[] at = { 0 };
		int step = -1;
		while (at[0] < bytes.length) {
			step += 1 + (int) number(bytes, at);
			add(step, number(bytes, at));
		}
	}

	/** Steps as distances to the one before, then counts, seven bits a byte. */
	byte[] bytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * this.size);
		int before = -1;
		for (int i = 0; i < this.size; i++) {
			write(bytes, this.steps[i] - before - 1);
			write(bytes, this.counts[i]);
			before = this.steps[i];
		}
		return bytes.toByteArray();
	}

	long count() {
		long count = 0;
		for (int i = 0; i < this.size; i++) {
			count += this.counts[i];
		}
		return count;
	}

	/** The duration that a share of all is not above, or null if there is none. */
	@Nullable Long percentile(double share) {
		long rank = Math.max(1, (long) Math.ceil(share * count()));
		long seen = 0;
		for (int i = 0; i < this.size; i++) {
			seen += this.counts[i];
			if (seen >= rank) {
				return middle(this.steps[i]);
			}
		}
		return null;
	}

	private void add(int step, long count) {
		int place = Arrays.binarySearch(this.steps, 0, this.size, step);
		if (place >= 0) {
			this.counts[place] += count;
			return;
		}
		int free = -place - 1;
		if (this.size == this.steps.length) {
			this.steps = Arrays.copyOf(this.steps, 2 * this.size);
			this.counts = Arrays.copyOf(this.counts, 2 * this.size);
		}
		System.arraycopy(this.steps, free, this.steps, free + 1, this.size - free);
		System.arraycopy(this.counts, free, this.counts, free + 1, this.size - free);
		this.steps[free] = step;
		this.counts[free] = count;
		this.size++;
	}

	private static int step(long millis) {
		if (millis < STEPS) {
			return (int) millis;
		}
		int power = 63 - Long.numberOfLeadingZeros(millis) - STEP_BITS;
		return power * STEPS + (int) (millis >>> power);
	}

	private static long middle(int step) {
		if (step < 2 * STEPS) {
			return step;
		}
		int power = step / STEPS - 1;
		long lowest = (long) (step - power * STEPS) << power;
		return lowest + (1L << (power - 1));
	}

	private static long number(byte[] bytes, int[] at) {
		long number = 0;
		for (int shift = 0;; shift += 7) {
			byte part = bytes[at[0]++];
			number |= (long) (part & 0x7f) << shift;
			if (part >= 0) {
				return number;
			}
		}
	}

	private static void write(ByteArrayOutputStream bytes, long number) {
		long rest = number;
		while (rest > 0x7f) {
			bytes.write((int) (rest & 0x7f) | 0x80);
			rest >>>= 7;
		}
		bytes.write((int) rest);
	}

}
