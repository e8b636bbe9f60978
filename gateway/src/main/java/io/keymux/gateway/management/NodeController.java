package io.keymux.gateway.management;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.keymux.gateway.cluster.Nodes;
import io.keymux.gateway.cluster.Revisions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The nodes over HTTP. */
@Tag(name = "Nodes")
@RestController
@RequestMapping(path = "/api/nodes", produces = MediaType.APPLICATION_JSON_VALUE)
class NodeController {

	private final Nodes nodes;

	private final Revisions revisions;

	NodeController(Nodes nodes, Revisions revisions) {
		this.nodes = nodes;
		this.revisions = revisions;
	}

	@Operation(summary = "Lists the nodes of the last hour, what they have taken in and what is wrong with them",
			description = "A node tells of itself every five seconds. behind names what it has not taken in yet.")
	@GetMapping
	Shown list() {
		return new Shown(this.nodes.list().stream().map(NodeBody::of).toList(), this.revisions.read());
	}

	/** The nodes, and the stored revisions they are compared with. */
	@Schema(name = "Nodes")
	record Shown(List<NodeBody> items, Map<String, Long> revisions) {
	}

	/** A node as the API shows it. */
	@Schema(name = "Node")
	record NodeBody(String id, String version, Instant startedAt, Instant seenAt, boolean live,
			Map<String, Long> revisions, String settings, List<String> behind, List<String> warnings) {

		static NodeBody of(Nodes.NodeState state) {
			var node = state.record();
			return new NodeBody(node.id(), node.version(), node.startedAt(), node.seenAt(), state.live(),
					node.revisions(), node.settings(), state.behind(), node.warnings());
		}

	}

}
