package io.keymux.gateway.gptload;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a database of gpt-load holds, as it is written there.
 *
 * @param settings system settings by name
 * @param groups groups in the order gpt-load shows them
 * @param members sub-groups of aggregates
 * @param keys provider keys
 * @param history tables with what happened, which are not empty
 */
record Source(Map<String, String> settings, List<Group> groups, List<Member> members, List<Key> keys,
		List<String> history) {

	@Override
	public String toString() {
		return "Source[groups=%d, keys=%d]".formatted(this.groups.size(), this.keys.size());
	}

	/**
	 * A row of groups.
	 *
	 * @param id identity
	 * @param columns values of the columns gpt-load 1.4 has, by name; empty ones are left
	 * out
	 * @param unknown names of other columns that are not empty
	 */
	record Group(long id, Map<String, String> columns, List<String> unknown) {

		String name() {
			return this.columns.getOrDefault("name", "");
		}

		boolean aggregate() {
			return "aggregate".equals(this.columns.get("group_type"));
		}

		@Nullable String get(String column) {
			return this.columns.get(column);
		}

		@Override
		public String toString() {
			return "Group[id=%d]".formatted(this.id);
		}

	}

	/**
	 * A row of group_sub_groups.
	 *
	 * @param groupId the aggregate
	 * @param memberId the group that serves for it
	 * @param weight share of the requests
	 */
	record Member(long groupId, long memberId, long weight) {
	}

	/**
	 * A row of api_keys.
	 *
	 * @param id identity
	 * @param groupId the group it belongs to
	 * @param value the key, perhaps encrypted
	 * @param hash hash of the key
	 * @param status active or invalid
	 * @param note what to remember about it, or null
	 */
	record Key(long id, long groupId, String value, String hash, String status, @Nullable String note) {

		@Override
		public String toString() {
			return "Key[id=%d]".formatted(this.id);
		}

	}

}
