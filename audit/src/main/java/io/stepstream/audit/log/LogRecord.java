package io.stepstream.audit.log;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * A committed record, as it is stored.
 *
 * @param timestamp epoch milliseconds
 * @param key absent if it has none
 * @param value absent in a tombstone
 */
public record LogRecord(
        int partition,
        long offset,
        long timestamp,
        Optional<Bytes> key,
        Optional<Bytes> value,
        List<LogHeader> headers) {

    /** A record's header; in ours, trace context. */
    public record LogHeader(String name, Optional<Bytes> value) {}

    public LogRecord {
        headers = List.copyOf(headers);
    }

    /** The key as text: an executionId, mostly; empty if there is none. */
    public String keyText() {
        return key.map(bytes -> new String(bytes.get(), StandardCharsets.UTF_8)).orElse("");
    }
}
