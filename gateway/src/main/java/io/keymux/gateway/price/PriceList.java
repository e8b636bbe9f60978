package io.keymux.gateway.price;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.audit.AuditLog;
import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;

/** What an operator may do with prices; all methods block. */
@Service
public class PriceList {

	private final PriceRows rows;

	private final List<Price> shipped = ShippedPrices.all();

	private final AuditLog audit;

	private final ChangeBus changes;

	PriceList(PriceRows rows, AuditLog audit, ChangeBus changes) {
		this.rows = rows;
		this.audit = audit;
		this.changes = changes;
	}

	/**
	 * The prices operators have set.
	 * @return prices by provider, model and day
	 */
	public List<StoredPrice> own() {
		return this.rows.findAll();
	}

	/**
	 * All prices, operators' before shipped ones.
	 * @param provider only of this provider, or null
	 * @param model only those that fit this model, or null
	 * @return the prices
	 */
	public List<ListedPrice> list(@Nullable String provider, @Nullable String model) {
		return Stream
			.concat(own().stream().map((stored) -> new ListedPrice(stored.id(), stored.price())),
					this.shipped.stream().map((price) -> new ListedPrice(null, price)))
			.filter((listed) -> provider == null || listed.price().provider().equals(provider))
			.filter((listed) -> model == null || ModelMatch.score(listed.price().model(), model) != ModelMatch.NONE)
			.toList();
	}

	/**
	 * Finds a price that must exist.
	 * @param id its identity
	 * @return the price
	 * @throws Problem.NotFound if there is none
	 */
	public StoredPrice get(long id) {
		return this.rows.find(id).orElseThrow(() -> new Problem.NotFound("Price %d does not exist.".formatted(id)));
	}

	/**
	 * Finds an operator's price by what there is only one of.
	 * @param provider name of the provider
	 * @param model model or pattern
	 * @param validFrom first day
	 * @return the price
	 */
	public Optional<StoredPrice> find(String provider, String model, LocalDate validFrom) {
		return this.rows.find(provider, model, validFrom);
	}

	/**
	 * Adds a price.
	 * @param actor who wants it
	 * @param price the price
	 * @return the price as stored
	 */
	public StoredPrice create(Actor actor, Price price) {
		return write(() -> {
			PriceRules.check(price);
			checkUnique(price, 0);
			return changed(actor, "price.create", null, this.rows.insert(price));
		});
	}

	/**
	 * Changes a price.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version the change was made from, or null for any
	 * @param change makes the new price from the stored one
	 * @return the price as stored
	 */
	public StoredPrice update(Actor actor, long id, @Nullable Long expectedVersion, UnaryOperator<Price> change) {
		return write(() -> {
			StoredPrice stored = get(id);
			checkVersion(stored, expectedVersion);
			Price price = change.apply(stored.price());
			PriceRules.check(price);
			if (price.equals(stored.price())) {
				return stored;
			}
			checkUnique(price, id);
			return changed(actor, "price.update", stored, this.rows.update(id, price));
		});
	}

	/**
	 * Deletes a price; what requests have cost stays as it was counted.
	 * @param actor who wants it
	 * @param id its identity
	 * @param expectedVersion version that was seen, or null for any
	 */
	public void delete(Actor actor, long id, @Nullable Long expectedVersion) {
		write(() -> {
			StoredPrice stored = get(id);
			checkVersion(stored, expectedVersion);
			this.rows.delete(id);
			changed();
			this.audit.record(actor, "price.delete", name(stored.price()), stored.price(), null);
			return stored;
		});
	}

	private <T> T write(Supplier<T> write) {
		return this.changes.write(() -> {
			this.rows.lock();
			return write.get();
		});
	}

	private StoredPrice changed(Actor actor, String action, @Nullable StoredPrice before, StoredPrice after) {
		changed();
		this.audit.record(actor, action, name(after.price()), (before != null) ? before.price() : null, after.price());
		return after;
	}

	private void changed() {
		this.rows.nextRevision();
		this.changes.announce(new PricesChanged());
	}

	private void checkUnique(Price price, long id) {
		find(price.provider(), price.model(), price.validFrom()).filter((other) -> other.id() != id)
			.ifPresent((other) -> {
				throw new Problem.Conflict(
						"Price %d is the one of '%s' already.".formatted(other.id(), name(other.price())));
			});
	}

	private static void checkVersion(StoredPrice stored, @Nullable Long expected) {
		if (expected != null && expected != stored.version()) {
			throw new Problem.Conflict("Price %d is at version %d (expected: %d): someone changed it meanwhile."
				.formatted(stored.id(), stored.version(), expected));
		}
	}

	private static String name(Price price) {
		return "%s %s %s".formatted(price.provider(), price.model(), price.validFrom());
	}

}
