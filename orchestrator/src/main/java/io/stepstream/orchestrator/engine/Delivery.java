package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.avro.KeptRecord;
import io.stepstream.tracing.TraceHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A record of an input topic, as it came.
 *
 * @param appended when it was appended to the log
 * @param key empty if it has none
 * @param value empty if it has none
 * @param trace the trace that it belongs to
 */
public record Delivery(
        String topic, int partition, long offset, Instant appended, Bytes key, Bytes value, TraceHeaders trace) {

    static Delivery of(
            String topic,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            TraceHeaders trace) {
        return new Delivery(
                topic, partition, offset, Instant.ofEpochMilli(timestamp), orEmpty(key), orEmpty(value), trace);
    }

    /** The delivery that was kept in a store. */
    static Delivery of(KeptRecord kept) {
        return new Delivery(
                kept.getTopic(),
                kept.getPartition(),
                kept.getOffset(),
                kept.getAppended(),
                bytes(kept.getKey()),
                bytes(kept.getValue()),
                TraceHeaders.stored(kept.getTraceparent(), kept.getTracestate()));
    }

    /** This delivery as it is kept in a store. */
    KeptRecord kept(Instant keptAt, int attempts) {
        return new KeptRecord(
                topic,
                partition,
                offset,
                appended,
                ByteBuffer.wrap(key.get()),
                ByteBuffer.wrap(value.get()),
                keptAt,
                attempts,
                trace.traceparent().orElse(null),
                trace.tracestate().orElse(null));
    }

    /** The key as text: an executionId or a resource's ARN, if it is right. */
    String keyText() {
        return new String(key.get(), StandardCharsets.UTF_8);
    }

    private static Bytes orEmpty(byte @Nullable [] bytes) {
        return Bytes.wrap(bytes == null ? new byte[0] : bytes);
    }

    private static Bytes bytes(@Nullable ByteBuffer buffer) {
        return Bytes.wrap(buffer == null ? new byte[0] : Utils.toArray(buffer));
    }
}
