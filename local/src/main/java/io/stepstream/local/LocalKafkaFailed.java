package io.stepstream.local;

import org.jspecify.annotations.Nullable;

/** The local Kafka could not start; the message is one line for whoever started it. */
public final class LocalKafkaFailed extends RuntimeException {

    public LocalKafkaFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
