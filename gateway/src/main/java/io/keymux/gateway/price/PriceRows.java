package io.keymux.gateway.price;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.keymux.gateway.cluster.Revisions;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The stored prices, and their revision. */
@Component
class PriceRows {

	static final String SCOPE = "prices";

	private final JdbcClient jdbc;

	private final Revisions revisions;

	PriceRows(JdbcClient jdbc, Revisions revisions) {
		this.jdbc = jdbc;
		this.revisions = revisions;
	}

	/** Writers of prices take turns from here to their commit. */
	void lock() {
		this.revisions.lock(SCOPE);
	}

	void nextRevision() {
		this.revisions.next(SCOPE);
	}

	List<StoredPrice> findAll() {
		return this.jdbc.sql("select * from keymux_price order by provider, model, valid_from")
			.query(PriceRows::read)
			.list();
	}

	Optional<StoredPrice> find(long id) {
		return this.jdbc.sql("select * from keymux_price where id = ?").param(id).query(PriceRows::read).optional();
	}

	Optional<StoredPrice> find(String provider, String model, LocalDate validFrom) {
		return this.jdbc.sql("select * from keymux_price where provider = ? and model = ? and valid_from = ?")
			.params(provider, model, validFrom)
			.query(PriceRows::read)
			.optional();
	}

	StoredPrice insert(Price price) {
		this.jdbc.sql("""
				insert into keymux_price (version, provider, model, valid_from, input_price, cached_input_price,
				cache_write_price, output_price, reasoning_price, source) values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
			.params(values(price))
			.update();
		return find(price.provider(), price.model(), price.validFrom()).orElseThrow();
	}

	StoredPrice update(long id, Price price) {
		this.jdbc.sql("""
				update keymux_price set version = version + 1, provider = ?, model = ?, valid_from = ?, input_price = ?,
				cached_input_price = ?, cache_write_price = ?, output_price = ?, reasoning_price = ?, source = ?
				where id = ?""").params(values(price)).param(id).update();
		return find(id).orElseThrow();
	}

	void delete(long id) {
		this.jdbc.sql("delete from keymux_price where id = ?").param(id).update();
	}

	private static List<?> values(Price price) {
		return Arrays.asList(price.provider(), price.model(), price.validFrom(), price.input(), price.cachedInput(),
				price.cacheWrite(), price.output(), price.reasoning(), price.source());
	}

	private static StoredPrice read(ResultSet row, int number) throws SQLException {
		BigDecimal input = row.getBigDecimal("input_price");
		Price price = new Price(row.getString("provider"), row.getString("model"),
				row.getObject("valid_from", LocalDate.class), input, row.getBigDecimal("cached_input_price"),
				row.getBigDecimal("cache_write_price"), row.getBigDecimal("output_price"),
				row.getBigDecimal("reasoning_price"), row.getString("source"));
		return new StoredPrice(row.getLong("id"), price, row.getLong("version"));
	}

}
