-- Roll-ups of request records by minute (step 0), hour (1) and day (2) in UTC, each along several cubes (which columns
-- tell rows apart; the others are empty). Each run of a node writes rows of its own, with absolute values; writer '' is
-- what rows of several writers were merged into. Histograms are lists of index and count.
create table keymux_usage (
	step tinyint not null,
	cube tinyint not null,
	start_at bigint not null, -- seconds since 1970
	group_name varchar(63) not null,
	model varchar(128) not null,
	caller varchar(100) not null,
	key_id bigint not null,
	writer varchar(40) not null,
	masked varchar(64) not null,
	requests bigint not null,
	errors bigint not null,
	unpriced bigint not null,
	input_tokens bigint not null,
	output_tokens bigint not null,
	cached_tokens bigint not null,
	cache_written_tokens bigint not null,
	reasoning_tokens bigint not null,
	cost decimal(30, 10) not null,
	latency varbinary(8000) not null,
	first_chunk varbinary(8000) not null,
	primary key (step, cube, start_at, group_name, model, caller, key_id, writer)
) default charset = utf8mb4 collate = utf8mb4_bin;

-- For one group; the group comes first, so that nobody takes this way without one.
create index keymux_usage_group on keymux_usage (group_name, step, cube, start_at);

-- Finds what is not merged yet.
create index keymux_usage_writer on keymux_usage (writer, step, start_at);

-- Only locked: nodes take turns at merging.
insert into keymux_revision (scope, revision) values ('usage', 0);
