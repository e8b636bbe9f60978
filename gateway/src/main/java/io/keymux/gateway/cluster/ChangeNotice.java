package io.keymux.gateway.cluster;

/**
 * Tells nodes that something stored was changed, after the commit. It travels to other
 * nodes as JSON and holds no secret; whoever misses one notices by the revision.
 */
public interface ChangeNotice {

}
