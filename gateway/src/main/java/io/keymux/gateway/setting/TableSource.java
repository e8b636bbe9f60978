package io.keymux.gateway.setting;

import java.util.Map;
import java.util.TreeMap;

/** A node without a config server reads the rows itself. */
class TableSource implements SystemTierSource {

	private final SettingTable table;

	TableSource(SettingTable table) {
		this.table = table;
	}

	@Override
	public SystemTier read() {
		SettingTable.Rows rows = this.table.read();
		Map<String, SystemTier.Value> values = new TreeMap<>();
		rows.values().forEach((name, text) -> values.put(name, new SystemTier.Value(text, SystemTier.API)));
		return new SystemTier(rows.revision(), values);
	}

}
