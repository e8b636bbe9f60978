-- How much may be asked of a group, as JSON; null without limits.
alter table keymux_group add column limits mediumtext;
