package io.keymux.gateway.setting;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.keymux.gateway.crypto.Resealing;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.problem.FieldErrors;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Keeps the secret parts of setting values sealed where they are stored and masked where
 * they are shown. A value belongs to its owner: it opens for no other.
 */
@Component
public class SecretSettings {

	private final SecretCipher cipher;

	SecretSettings(SecretCipher cipher) {
		this.cipher = cipher;
	}

	/**
	 * Masks what is secret.
	 * @param values values by setting, stored or written
	 * @return values that may be shown
	 */
	public static Map<String, String> shown(Map<String, String> values) {
		return each(values, (_, url) -> url.shown());
	}

	/**
	 * A value that can be checked: one whose password is sealed has been checked before.
	 * @param setting the setting
	 * @param value its value, stored or written
	 * @return the value, or how it is shown
	 */
	public static String checkable(Setting setting, String value) {
		UrlPassword url = setting.mayHoldSecret() ? UrlPassword.find(value.strip()) : null;
		return (url != null && url.sealed()) ? url.shown() : value;
	}

	static String checkable(String name, String value) {
		Setting setting = Setting.find(name);
		return (setting != null) ? checkable(setting, value) : value;
	}

	/**
	 * Finds out what an operator means: a value as it is shown, or with the password it
	 * has anyway, is the stored one.
	 * @param errors where a value is noted that means nothing
	 * @param written values as written
	 * @param stored values as stored
	 * @param owner whose values they are
	 * @return the stored value where it stays, else the written one
	 */
	public Map<String, String> resolve(FieldErrors errors, Map<String, String> written, Map<String, String> stored,
			String owner) {
		Map<String, String> resolved = new LinkedHashMap<>();
		written.forEach((key, value) -> {
			UrlPassword url = secret(key, value);
			String former = stored.get(key);
			if (url == null) {
				resolved.put(key, value);
			}
			else if (former != null && means(url, key, former, owner)) {
				resolved.put(key, former);
			}
			else {
				errors.check(!url.sealed() && !url.password().equals(UrlPassword.MASK), "settings." + key,
						"'%s' (expected: the value with its password, or exactly as it is shown)".formatted(url));
				resolved.put(key, url.text());
			}
		});
		return resolved;
	}

	private boolean means(UrlPassword url, String key, String former, String owner) {
		UrlPassword stored = secret(key, former);
		if (stored == null) {
			return false;
		}
		return url.equals(stored) || url.text().equals(stored.shown())
				|| url.text().equals(openOrNull(stored, context(owner, key)));
	}

	/**
	 * Seals what is secret and was not sealed before.
	 * @param values values by setting
	 * @param owner whose values they are
	 * @return values that may be stored
	 */
	public Map<String, String> seal(Map<String, String> values, String owner) {
		return each(values, (key, url) -> url.sealed() ? url.text()
				: url.sealed(this.cipher.seal(url.password(), context(owner, key))).text());
	}

	/**
	 * Opens what is sealed, if this node can.
	 * @param values values as stored
	 * @param owner whose values they are
	 * @return values that may be used; those are missing that this node cannot open
	 */
	public Map<String, String> open(Map<String, String> values, String owner) {
		Map<String, String> opened = new LinkedHashMap<>();
		values.forEach((key, value) -> {
			UrlPassword url = secret(key, value);
			String text = (url != null) ? openOrNull(url, context(owner, key)) : value;
			if (text != null) {
				opened.put(key, text);
			}
		});
		return opened;
	}

	private @Nullable String openOrNull(UrlPassword url, String context) {
		if (!url.sealed()) {
			return url.text();
		}
		String password = this.cipher.openOrNull(url.password(), context);
		return (password != null) ? url.opened(password).text() : null;
	}

	/**
	 * Seals anew what is sealed with another key, or not at all.
	 * @param values values as stored
	 * @param owner whose values they are
	 * @param resealing seals
	 * @return values that may be stored
	 */
	public Map<String, String> reseal(Map<String, String> values, String owner, Resealing resealing) {
		return each(values, (key, url) -> url.sealed(resealing.reseal(sealed(url), context(owner, key))).text());
	}

	/**
	 * Counts what is secret by the key that sealed it.
	 * @param values values as stored
	 * @param count told the key id of each
	 */
	public static void count(Map<String, String> values, Consumer<String> count) {
		each(values, (_, url) -> {
			count.accept(SecretCipher.keyId(sealed(url)));
			return url.text();
		});
	}

	/** Values that were stored before there was a seal for them count as plain text. */
	private static String sealed(UrlPassword url) {
		return url.sealed() ? url.password() : SecretCipher.plain(url.password());
	}

	private static Map<String, String> each(Map<String, String> values,
			BiFunction<String, UrlPassword, String> change) {
		Map<String, String> changed = new LinkedHashMap<>();
		values.forEach((key, value) -> {
			UrlPassword url = secret(key, value);
			changed.put(key, (url != null) ? change.apply(key, url) : value);
		});
		return changed;
	}

	private static @Nullable UrlPassword secret(String key, String value) {
		Setting setting = Setting.find(key);
		return (setting != null && setting.mayHoldSecret()) ? UrlPassword.find(value.strip()) : null;
	}

	private static String context(String owner, String key) {
		return "setting:%s:%s".formatted(owner, key);
	}

}
