package io.keymux.gateway.proxy;

import io.keymux.gateway.group.ServingGroup;
import io.keymux.gateway.key.KeyLease;
import io.keymux.gateway.upstream.Upstream;

/**
 * Where one attempt goes, and with which key.
 *
 * @param entry group that was asked
 * @param group group that serves, a member where an aggregate was asked
 * @param lease the key
 * @param upstream the upstream
 */
record Target(ServingGroup entry, ServingGroup group, KeyLease lease, Upstream upstream) {
}
