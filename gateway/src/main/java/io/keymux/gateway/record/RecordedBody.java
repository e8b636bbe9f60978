package io.keymux.gateway.record;

/**
 * The beginning of a body, as it was sent or received.
 *
 * @param bytes up to 64 KB, decompressed where that is possible
 * @param contentType its media type, empty if none was named
 * @param truncated whether the body went on
 */
public record RecordedBody(byte[] bytes, String contentType, boolean truncated) {
}
