package io.stepstream.cli.deadletters;

import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * A dead letter, without the value of the record that it is about.
 *
 * @param offset in {@code dead-letters}: what an operator calls it by
 * @param kept bytes of the value that are kept in it; empty if none are
 * @param sent when and where to its record was sent again, if it was
 */
record Letter(long offset, DeadLetter record, Optional<Integer> kept, Optional<Sent> sent) {

    /** @param principal who had it sent */
    record Sent(Instant at, String topic, String principal) {}

    static Letter of(long offset, DeadLetter record) {
        return new Letter(
                offset,
                DeadLetter.newBuilder(record).setValue(null).build(),
                Optional.ofNullable(record.getValue()).map(ByteBuffer::remaining),
                Optional.empty());
    }

    Letter with(Sent sent) {
        return new Letter(offset, record, kept, Optional.of(sent));
    }

    /** Where the record was. */
    String place() {
        return record.getTopic() + "-" + record.getPartition() + "@" + record.getOffset();
    }

    /** The record's key as text; empty if it has none. */
    String key() {
        return new String(keyBytes(), StandardCharsets.UTF_8);
    }

    private byte[] keyBytes() {
        var key = record.getKey();
        return key == null ? new byte[0] : Utils.toArray(key);
    }

    /** Whether what is in the record's place is it, and not of another topic that was given the same name. */
    boolean isAbout(ConsumerRecord<byte[], byte[]> there) {
        var key = there.key() == null ? new byte[0] : there.key();
        var size = there.value() == null ? 0 : there.value().length;
        return Arrays.equals(key, keyBytes())
                && (record.getKeyId() != null
                        || kept.filter(bytes -> bytes != size).isEmpty());
    }

    /** Whether it is a request to a worker, who has failed the task on its account. */
    boolean isOfTask() {
        return record.getTopic().startsWith(Topics.TASK_REQUESTS_PREFIX)
                && !record.getBy().equals("engine");
    }
}
