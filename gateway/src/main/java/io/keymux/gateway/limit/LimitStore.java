package io.keymux.gateway.limit;

import java.util.List;

import reactor.core.publisher.Mono;

/** Counts what limits are for. Each call is carried out as a whole, or not at all. */
interface LimitStore {

	/**
	 * Takes what a request demands, all of it or nothing.
	 * @param reservation names it
	 * @param demands what it demands
	 * @return what came of it
	 */
	Mono<Answer> acquire(String reservation, List<Demand> demands);

	/**
	 * Counts what was used instead of what had been reserved.
	 * @param reservation names it
	 * @param parts what was used, of demands that were let through
	 * @return how the limits stood before and stand now, in the order of the parts
	 */
	Mono<List<Change>> settle(String reservation, List<Part> parts);

	/**
	 * Tells what a quota has used that this store does not know of yet.
	 * @param demand demand on the quota
	 * @param used what was used in its period
	 * @return done
	 */
	Mono<Void> begin(Demand demand, long used);

	/**
	 * Tells how limits stand; takes nothing.
	 * @param demands demands of nothing
	 * @return in the order of the demands
	 */
	Mono<List<Standing>> read(List<Demand> demands);

	/** What came of a demand. */
	sealed interface Answer {

		/**
		 * All of it was let through.
		 *
		 * @param standings how the limits stand, in the order of the demands
		 */
		record Granted(List<Standing> standings) implements Answer {
		}

		/**
		 * Nothing was let through.
		 *
		 * @param index demand that was refused
		 * @param standings how the limits stand, in the order of the demands
		 */
		record Refused(int index, List<Standing> standings) implements Answer {
		}

		/**
		 * Nobody knows yet what was used in the period of a quota.
		 *
		 * @param index demand on it
		 */
		record Unknown(int index) implements Answer {
		}

	}

	/**
	 * What was used of a demand.
	 *
	 * @param standing the demand, as it was let through
	 * @param used what was used instead of what had been reserved
	 */
	record Part(Standing standing, long used) {
	}

	/**
	 * What a settlement changed.
	 *
	 * @param before what was used before it, without what is only reserved
	 * @param after what is used now
	 */
	record Change(long before, long after) {
	}

}
