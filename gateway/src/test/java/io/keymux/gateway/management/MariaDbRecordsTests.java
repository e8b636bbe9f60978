package io.keymux.gateway.management;

import java.util.List;

import io.keymux.gateway.testkit.Await;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Request records on a real MariaDB server. */
@OnMariaDb
class MariaDbRecordsTests extends RecordsContract {

	@Test
	void keepsEachDayInAPartitionOfItsOwn() {
		Await.until("partitions", () -> partitions("keymux_record_body").size() >= 5);
		assertThat(partitions("keymux_record")).hasSizeGreaterThanOrEqualTo(5).contains("later");
		assertThat(partitions("keymux_record_body")).isEqualTo(partitions("keymux_record"));
	}

	private List<String> partitions(String table) {
		return this.jdbc
			.sql("select partition_name from information_schema.partitions "
					+ "where table_schema = database() and table_name = ? order by partition_ordinal_position")
			.param(table)
			.query((row, _) -> row.getString(1))
			.list();
	}

}
