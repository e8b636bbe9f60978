package io.keymux.gateway.provider;

import java.time.Instant;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * What a provider's answer is judged by.
 *
 * @param status status
 * @param headers headers
 * @param body first bytes of the body, empty if the status is below 400
 * @param now when it arrived
 */
public record ResponseHead(int status, HttpHeaders headers, byte[] body, Instant now) {
}
