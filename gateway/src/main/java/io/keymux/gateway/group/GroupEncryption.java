package io.keymux.gateway.group;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.keymux.gateway.cluster.ChangeBus;
import io.keymux.gateway.crypto.Resealing;
import io.keymux.gateway.crypto.SealedSecrets;
import io.keymux.gateway.crypto.SecretCipher;
import io.keymux.gateway.group.Group.HeaderRule;
import io.keymux.gateway.setting.SecretSettings;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where the secrets of groups besides their keys are sealed. */
@Configuration(proxyBeanMethods = false)
class GroupEncryption {

	@Bean
	SealedSecrets sealedHeaderRules(GroupTables tables, GroupSecrets secrets, JdbcClient jdbc, ChangeBus changes,
			SecretCipher cipher) {
		return new SealedGroupColumn("header-rule", "header_rules", new HeaderRules(secrets), tables, jdbc, changes,
				cipher);
	}

	@Bean
	SealedSecrets sealedGroupSettings(GroupTables tables, GroupSecrets secrets, JdbcClient jdbc, ChangeBus changes,
			SecretCipher cipher) {
		return new SealedGroupColumn("group-setting", "settings", new Settings(secrets), tables, jdbc, changes, cipher);
	}

	/** Secret values of header rules. */
	private record HeaderRules(GroupSecrets secrets) implements SealedGroupColumn.Content {

		@Override
		public String reseal(String group, String content, Resealing resealing) {
			List<HeaderRule> rules = HeaderRuleColumn.read(content);
			List<HeaderRule> resealed = this.secrets.resealRules(group, rules, resealing);
			return resealed.equals(rules) ? content : HeaderRuleColumn.write(resealed);
		}

		@Override
		public void count(String content, Consumer<String> keyIds) {
			GroupSecrets.countRules(HeaderRuleColumn.read(content), keyIds);
		}

	}

	/** Passwords in settings. */
	private record Settings(GroupSecrets secrets) implements SealedGroupColumn.Content {

		@Override
		public String reseal(String group, String content, Resealing resealing) {
			Map<String, String> values = GroupTables.readSettings(content);
			Map<String, String> resealed = this.secrets.resealSettings(group, values, resealing);
			return resealed.equals(values) ? content : GroupTables.writeSettings(resealed);
		}

		@Override
		public void count(String content, Consumer<String> keyIds) {
			SecretSettings.count(GroupTables.readSettings(content), keyIds);
		}

	}

}
