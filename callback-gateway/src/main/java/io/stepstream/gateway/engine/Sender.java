package io.stepstream.gateway.engine;

import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ReplyTo;
import java.util.Optional;

/**
 * Who asks for something, and how; it goes into history.
 *
 * @param channel {@code http}, {@code aws} or {@code link}
 * @param principal who, as far as known; else empty
 * @param address where from
 * @param requestId names the request: a repeat with the same id gets the first verdict
 */
public record Sender(String channel, String principal, String address, Optional<String> requestId) {

    Caller toCaller(ReplyTo replyTo) {
        return new Caller(principal, channel, address, requestId.orElse(null), replyTo);
    }
}
