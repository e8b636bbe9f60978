package io.keymux.gateway.group;

import java.util.List;

import io.keymux.gateway.body.JsonMergePatch;
import io.keymux.gateway.provider.ModelPatterns;
import io.keymux.gateway.provider.Provider;
import io.keymux.gateway.setting.EffectiveSettings;
import io.keymux.gateway.upstream.TransportSettings;
import io.keymux.gateway.upstream.UpstreamSet;

/**
 * A group ready to serve: everything a request needs of it, worked out once.
 *
 * @param group what the operator described
 * @param provider the dialect it speaks
 * @param settings the settings in force
 * @param transport the part of them an HTTP client is made of
 * @param upstreams its upstreams, empty for an aggregate
 * @param headerRules its header rules, prepared
 * @param bodyOverrides its body overrides, prepared
 * @param members its members by priority, empty unless it is an aggregate
 * @param readable whether this node could open its secrets; if not, it has no upstreams,
 * so that nothing is sent without them
 */
public record ServingGroup(Group group, Provider provider, EffectiveSettings settings, TransportSettings transport,
		UpstreamSet upstreams, List<HeaderTemplate> headerRules, JsonMergePatch bodyOverrides, MemberTiers members,
		boolean readable) {

	public long id() {
		return this.group.id();
	}

	public String name() {
		return this.group.name();
	}

	public boolean aggregate() {
		return this.group.aggregate();
	}

	/**
	 * The name a model goes by upstream.
	 * @param requested name the caller used
	 * @return the name to send; the same if no alias names it
	 */
	public String upstreamModel(String requested) {
		return this.group.modelAliases().getOrDefault(requested, requested);
	}

	/**
	 * Whether strict aliases let a model through.
	 * @param requested name the caller used
	 * @return false if only aliases may be asked for and this is none
	 */
	public boolean allows(String requested) {
		return !this.group.strictModels() || this.group.modelAliases().containsKey(requested);
	}

	/**
	 * Whether a request's model decides anything here, so that it has to be known.
	 * @return true with aliases, strict models or members that serve only some models
	 */
	public boolean modelMatters() {
		return this.group.strictModels() || !this.group.modelAliases().isEmpty() || this.members.modelMatters();
	}

	/**
	 * Whether outgoing JSON bodies change.
	 * @return true with aliases or body overrides
	 */
	public boolean editsBodies() {
		return !this.bodyOverrides.isEmpty() || !this.group.modelAliases().isEmpty();
	}

	@Override
	public String toString() {
		return "ServingGroup[name=" + name() + "]";
	}

	/**
	 * A member of an aggregate, ready to serve.
	 *
	 * @param group the group that serves
	 * @param weight share among members of the same priority
	 * @param priority tier, the lowest first
	 * @param models models it serves
	 */
	public record ServingMember(ServingGroup group, int weight, int priority, ModelPatterns models) {

		/**
		 * Whether the member serves a model.
		 * @param model name after the aggregate's aliases, or null if the request has
		 * none
		 * @return true if its patterns and its own strict aliases let it
		 */
		public boolean serves(@org.jspecify.annotations.Nullable String model) {
			return model == null || (this.models.allow(model) && this.group.allows(model));
		}

	}

}
