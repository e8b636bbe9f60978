package io.keymux.gateway.management;

import io.keymux.gateway.key.KeyEdit;
import org.jspecify.annotations.Nullable;

/** What may be changed of a provider key. */
record KeyEditBody(@Nullable Boolean enabled, @Nullable Integer weight, @Nullable String note) {

	static KeyEditBody of(KeyEdit edit) {
		return new KeyEditBody(edit.enabled(), edit.weight(), edit.note());
	}

	KeyEdit edit() {
		return new KeyEdit(this.enabled == null || this.enabled, (this.weight != null) ? this.weight : 1, this.note);
	}

}
