package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.LinkUse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * Where a command comes from.
 *
 * @param caller who sent it, and who waits for the verdict
 * @param link the approval link that it came by
 * @param appended when it reached the log; of a timer, when it was due
 * @param bytes the command as it was stored: part of the binding of this step's tokens
 * @param delivery the record that it came in; a timer comes in none
 */
record Origin(Caller caller, Optional<LinkUse> link, Instant appended, Bytes bytes, Optional<Delivery> delivery) {

    static Origin of(Delivery delivery, Caller caller) {
        return new Origin(caller, Optional.empty(), delivery.appended(), delivery.value(), Optional.of(delivery));
    }

    /** A timer of our own. */
    static Origin of(TimerKey timer) {
        var bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(timer.ticket()).putLong(timer.dueMillis());
        return new Origin(
                engine(),
                Optional.empty(),
                Instant.ofEpochMilli(timer.dueMillis()),
                Bytes.wrap(bytes.array()),
                Optional.empty());
    }

    Origin by(LinkUse use, String principal) {
        var named = Caller.newBuilder(caller)
                .setPrincipal(principal)
                .setChannel("link")
                .build();
        return new Origin(named, Optional.of(use), appended, bytes, delivery);
    }

    Optional<String> requestId() {
        return Optional.ofNullable(caller.getRequestId());
    }

    /** The engine as a caller. */
    static Caller engine() {
        return Caller.newBuilder().setChannel("engine").build();
    }
}
