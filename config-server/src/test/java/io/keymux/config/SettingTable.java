package io.keymux.config;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The two tables a gateway creates and writes. */
final class SettingTable {

	private final JdbcClient jdbc;

	SettingTable(String url, String username) {
		DataSource source = new DriverManagerDataSource(url, username, "");
		this.jdbc = JdbcClient.create(source);
	}

	void create() {
		this.jdbc
			.sql("create table keymux_setting (name varchar(64) primary key, setting_value varchar(4000) not null)")
			.update();
		this.jdbc.sql("create table keymux_revision (scope varchar(32) primary key, revision bigint not null)")
			.update();
		this.jdbc.sql("insert into keymux_revision values ('settings', 0), ('groups', 77)").update();
	}

	void write(String name, String value) {
		this.jdbc.sql("delete from keymux_setting where name = ?").param(name).update();
		this.jdbc.sql("insert into keymux_setting values (?, ?)").params(name, value).update();
		this.jdbc.sql("update keymux_revision set revision = revision + 1 where scope = 'settings'").update();
	}

	void drop() {
		this.jdbc.sql("drop table keymux_setting").update();
		this.jdbc.sql("drop table keymux_revision").update();
	}

}
