-- System settings written through the API; the config server serves the same rows.
create table keymux_setting (
	name varchar(64) not null primary key,
	setting_value varchar(4000) not null
) default charset = utf8mb4 collate = utf8mb4_bin;

insert into keymux_revision (scope, revision) values ('settings', 0);
insert into keymux_revision (scope, revision) values ('sessions', 0);

-- Grows with every change of the group's keys, so that a node knows what it has missed.
alter table keymux_group add column key_revision bigint not null default 0;

-- What each node last told of itself.
create table keymux_node (
	id varchar(100) not null primary key,
	version varchar(64) not null,
	started_at datetime(6) not null,
	seen_at datetime(6) not null,
	revisions varchar(1000) not null,
	settings varchar(16) not null,
	warnings mediumtext not null
) default charset = utf8mb4 collate = utf8mb4_bin;
