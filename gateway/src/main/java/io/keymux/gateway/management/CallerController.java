package io.keymux.gateway.management;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

import io.keymux.gateway.access.Caller;
import io.keymux.gateway.access.Callers;
import io.keymux.gateway.access.PresentedKey;
import io.keymux.gateway.group.Catalog;
import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.limit.Limits;
import io.keymux.gateway.limit.Quota;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells callers about themselves; they show their access key where their SDK puts it. */
@Tag(name = "Callers")
@RestController
class CallerController {

	private final Callers callers;

	private final Catalog catalog;

	private final CallerConsumption consumption;

	private final InstantSource time;

	CallerController(Callers callers, Catalog catalog, CallerConsumption consumption, InstantSource time) {
		this.callers = callers;
		this.catalog = catalog;
		this.consumption = consumption;
		this.time = time;
	}

	@Operation(summary = "Shows what an access key may use, and what it has used",
			description = "Takes an access key, not an admin key, in any place the proxy takes it.")
	@GetMapping(path = "/me", produces = MediaType.APPLICATION_JSON_VALUE)
	Me me(ServerHttpRequest request) {
		Caller caller = this.callers
			.find(PresentedKey.find(request.getHeaders()::getFirst, request.getURI().getRawQuery()));
		if (caller == null || !caller.usable(this.time.instant())) {
			throw SecurityProblem.accessKeyNeeded();
		}
		List<Usable> groups = this.catalog.snapshot()
			.groups()
			.values()
			.stream()
			.filter((group) -> group.group().enabled() && caller.mayUse(group.name()))
			.sorted(Comparator.comparing(ServingGroup::name))
			.map(Usable::of)
			.toList();
		return new Me(caller.name(), groups, caller.models().patterns(), caller.expiresAt(), caller.limits(),
				caller.quota(), this.consumption.of(caller.id(), caller.name(), caller.limits(), caller.quota()));
	}

	/** What a caller may know of itself. */
	@Schema(name = "Me")
	record Me(String name, List<Usable> groups, List<String> models, @Nullable Instant expiresAt, Limits limits,
			@Nullable Quota quota, ConsumptionBody consumption) {
	}

	/** A group a caller may use, and what it may call models there. */
	@Schema(name = "UsableGroup")
	record Usable(String name, @Nullable String displayName, String provider, List<String> modelAliases,
			boolean strictModels) {

		static Usable of(ServingGroup group) {
			return new Usable(group.name(), group.group().displayName(), group.provider().name(),
					group.group().modelAliases().keySet().stream().sorted().toList(), group.group().strictModels());
		}

	}

}
