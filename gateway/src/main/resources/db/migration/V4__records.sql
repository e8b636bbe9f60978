-- What is remembered of requests. An id begins with the time of arrival, so that its order is theirs; epoch_day counts from
-- 1970. On MySQL and MariaDB the tables are divided by day, and days go as a whole.
create table keymux_record (
	id binary(16) not null,
	epoch_day int not null,
	provider varchar(32),
	group_name varchar(64) not null,
	access_key varchar(200),
	client_address varchar(64) not null,
	trace_id char(32),
	operation varchar(16) not null,
	stream boolean not null,
	requested_model varchar(200),
	model varchar(200),
	response_model varchar(200),
	provider_key_id bigint,
	status smallint,
	status_class smallint,
	outcome varchar(16) not null,
	error_code varchar(200),
	error_id bigint,
	attempts mediumtext not null,
	bytes_in bigint not null,
	bytes_out bigint not null,
	queue_ms bigint,
	first_chunk_ms bigint,
	total_ms bigint not null,
	input_tokens bigint not null,
	output_tokens bigint not null,
	cached_tokens bigint not null,
	cache_written_tokens bigint not null,
	reasoning_tokens bigint not null,
	usage_source varchar(16) not null,
	cost decimal(24, 12),
	ended varchar(16) not null,
	primary key (id, epoch_day)
) default charset = utf8mb4 collate = utf8mb4_bin /*!50100 partition by range (epoch_day) (partition later values less than maxvalue) */;

create index keymux_record_group on keymux_record (group_name, id);
create index keymux_record_access_key on keymux_record (access_key, id);
create index keymux_record_model on keymux_record (model, id);
create index keymux_record_provider_key on keymux_record (provider_key_id, id);
create index keymux_record_status on keymux_record (status, id);
create index keymux_record_status_class on keymux_record (status_class, id);
create index keymux_record_outcome on keymux_record (outcome, id);
create index keymux_record_error on keymux_record (error_id, id);
create index keymux_record_trace on keymux_record (trace_id);

-- Each text of an error once: a search looks here, and then for the records of what it found.
create table keymux_record_error (
	id bigint not null auto_increment primary key,
	text_hash char(64) not null,
	error_text varchar(600) not null,
	last_day int not null,
	constraint keymux_record_error_hash unique (text_hash)
) default charset = utf8mb4 collate = utf8mb4_bin;

create index keymux_record_error_day on keymux_record_error (last_day);

create table keymux_record_body (
	id bigint not null auto_increment,
	epoch_day int not null,
	record_id char(32) not null,
	direction varchar(8) not null,
	content_type varchar(200) not null,
	truncated boolean not null,
	body mediumtext not null,
	primary key (id, epoch_day),
	constraint keymux_record_body_record unique (record_id, direction, epoch_day)
) default charset = utf8mb4 collate = utf8mb4_bin /*!50100 partition by range (epoch_day) (partition later values less than maxvalue) */;
