package io.keymux.config;

class H2SettingRowsTests extends SettingRowsContract {

	@Override
	String url() {
		return "jdbc:h2:mem:rows;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1";
	}

	@Override
	String username() {
		return "sa";
	}

}
