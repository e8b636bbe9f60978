package io.keymux.gateway.cluster;

/**
 * This node, for the time it runs.
 *
 * @param id name of the machine or pod, and what tells this run from an earlier one
 */
public record Node(String id) {
}
