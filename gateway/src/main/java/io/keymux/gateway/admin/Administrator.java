package io.keymux.gateway.admin;

import io.keymux.gateway.audit.Actor;

/**
 * Someone who may manage.
 *
 * @param name name of the person or token
 * @param role what he may do
 * @param via what vouches for his name
 */
public record Administrator(String name, Role role, Actor.Kind via) {

	/**
	 * The same one as the audit log names him.
	 * @param address address his request came from
	 * @return the actor
	 */
	public Actor actor(String address) {
		return new Actor(this.name, this.via, address);
	}

}
