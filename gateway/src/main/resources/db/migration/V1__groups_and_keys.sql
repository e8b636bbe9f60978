-- Valid on H2 (MySQL mode), MariaDB and MySQL. Timestamps are UTC. Text compares case-sensitively.

-- One row: what makes this database's hashes and ciphertexts its own.
create table keymux_vault (
	id int not null primary key,
	hash_key varchar(64) not null,
	salt varchar(64) not null,
	key_check varchar(255),
	admin_key_hash varchar(43)
) default charset = utf8mb4 collate = utf8mb4_bin;

-- What a node compares to notice a change it was not told of; also the lock that makes writers take turns.
create table keymux_revision (
	scope varchar(32) not null primary key,
	revision bigint not null
) default charset = utf8mb4 collate = utf8mb4_bin;

insert into keymux_revision (scope, revision) values ('groups', 0), ('access-keys', 0);

create table keymux_group (
	id bigint not null auto_increment primary key,
	name varchar(63) not null,
	version bigint not null,
	position int not null default 0,
	display_name varchar(255),
	description varchar(2000),
	provider varchar(32) not null,
	enabled boolean not null,
	settings mediumtext not null,
	header_rules mediumtext not null,
	body_overrides mediumtext not null,
	model_aliases mediumtext not null,
	strict_models boolean not null,
	probe_model varchar(255),
	probe_path varchar(1000),
	constraint keymux_group_name unique (name)
) default charset = utf8mb4 collate = utf8mb4_bin;

create table keymux_upstream (
	id bigint not null auto_increment primary key,
	group_id bigint not null,
	position int not null,
	url varchar(1000) not null,
	weight int not null,
	constraint keymux_upstream_position unique (group_id, position),
	constraint keymux_upstream_group foreign key (group_id) references keymux_group (id) on delete cascade
) default charset = utf8mb4 collate = utf8mb4_bin;

create table keymux_member (
	id bigint not null auto_increment primary key,
	group_id bigint not null,
	position int not null,
	member varchar(63) not null,
	weight int not null,
	priority int not null,
	models mediumtext not null,
	constraint keymux_member_position unique (group_id, position),
	constraint keymux_member_group foreign key (group_id) references keymux_group (id) on delete cascade,
	constraint keymux_member_member foreign key (member) references keymux_group (name)
) default charset = utf8mb4 collate = utf8mb4_bin;

create table keymux_provider_key (
	id bigint not null auto_increment primary key,
	group_id bigint not null,
	secret varchar(2048) not null,
	secret_hash varchar(43) not null,
	masked varchar(16) not null,
	enabled boolean not null default true,
	weight int not null default 1,
	note varchar(255),
	status varchar(16) not null default 'active',
	status_until datetime(6),
	probes int not null default 0,
	failures int not null default 0,
	last_error varchar(500),
	last_error_at datetime(6),
	last_used_at datetime(6),
	requests bigint not null default 0,
	created_at datetime(6) not null,
	constraint keymux_provider_key_secret unique (group_id, secret_hash),
	constraint keymux_provider_key_group foreign key (group_id) references keymux_group (id) on delete cascade
) default charset = utf8mb4 collate = utf8mb4_bin;

create table keymux_access_key (
	id bigint not null auto_increment primary key,
	name varchar(100) not null,
	version bigint not null,
	secret_hash varchar(43) not null,
	masked varchar(16) not null,
	group_names mediumtext not null,
	models mediumtext not null,
	enabled boolean not null,
	expires_at datetime(6),
	limits mediumtext,
	quota mediumtext,
	created_at datetime(6) not null,
	constraint keymux_access_key_name unique (name),
	constraint keymux_access_key_secret unique (secret_hash)
) default charset = utf8mb4 collate = utf8mb4_bin;
