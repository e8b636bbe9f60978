-- Prices an operator has set, in US dollars per million tokens; what is null costs as much as input.
create table keymux_price (
	id bigint not null auto_increment primary key,
	version bigint not null,
	provider varchar(32) not null,
	model varchar(255) not null,
	valid_from date not null,
	input_price decimal(14, 4) not null,
	cached_input_price decimal(14, 4),
	cache_write_price decimal(14, 4),
	output_price decimal(14, 4),
	reasoning_price decimal(14, 4),
	source varchar(500),
	constraint keymux_price_entry unique (provider, model, valid_from)
) default charset = utf8mb4 collate = utf8mb4_bin;

insert into keymux_revision (scope, revision) values ('prices', 0);
