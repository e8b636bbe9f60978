-- Who changed what; rows are only ever added.
create table keymux_audit (
	id bigint not null auto_increment primary key,
	at datetime(6) not null,
	actor varchar(255) not null,
	actor_kind varchar(16) not null,
	address varchar(64),
	action varchar(64) not null,
	target varchar(255) not null,
	before_change mediumtext,
	after_change mediumtext
) default charset = utf8mb4 collate = utf8mb4_bin;

create index keymux_audit_target on keymux_audit (target, id);
create index keymux_audit_actor on keymux_audit (actor, id);
create index keymux_audit_at on keymux_audit (at);

-- Long jobs; the node that runs one renews heartbeat_at, and without it the task counts as failed.
create table keymux_task (
	id bigint not null auto_increment primary key,
	kind varchar(32) not null,
	target varchar(255) not null,
	parameters mediumtext not null,
	state varchar(16) not null,
	done bigint not null default 0,
	total bigint,
	result mediumtext,
	error varchar(1000),
	cancel_requested boolean not null default false,
	started_by varchar(255) not null,
	started_by_kind varchar(16) not null,
	address varchar(64),
	node varchar(100) not null,
	repeat_of bigint,
	created_at datetime(6) not null,
	heartbeat_at datetime(6) not null,
	finished_at datetime(6)
) default charset = utf8mb4 collate = utf8mb4_bin;

create index keymux_task_state on keymux_task (state, heartbeat_at);

-- What a key import still has to do: sealed pieces, each deleted with the insert of its keys.
create table keymux_key_import (
	upload varchar(36) not null,
	piece int not null,
	line_count int not null,
	secrets mediumtext not null,
	created_at datetime(6) not null,
	primary key (upload, piece)
) default charset = utf8mb4 collate = utf8mb4_bin;

-- Named credentials for the management API.
create table keymux_api_token (
	id bigint not null auto_increment primary key,
	name varchar(100) not null,
	version bigint not null,
	role varchar(16) not null,
	secret_hash varchar(43) not null,
	masked varchar(16) not null,
	enabled boolean not null,
	expires_at datetime(6),
	created_at datetime(6) not null,
	constraint keymux_api_token_name unique (name),
	constraint keymux_api_token_secret unique (secret_hash)
) default charset = utf8mb4 collate = utf8mb4_bin;

insert into keymux_revision (scope, revision) values ('api-tokens', 0);

-- What signs the cookies of logins, sealed.
create table keymux_session_key (
	id bigint not null primary key,
	secret varchar(512) not null
) default charset = utf8mb4 collate = utf8mb4_bin;

-- Who logged out, until his cookie would have expired.
create table keymux_session_ended (
	id varchar(64) not null primary key,
	expires_at datetime(6) not null
) default charset = utf8mb4 collate = utf8mb4_bin;

-- A rotated access key keeps its old secret for a while.
alter table keymux_access_key add column previous_hash varchar(43);
alter table keymux_access_key add column previous_until datetime(6);
create unique index keymux_access_key_previous on keymux_access_key (previous_hash);
