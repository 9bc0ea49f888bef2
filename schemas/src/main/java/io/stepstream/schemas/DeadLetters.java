package io.stepstream.schemas;

import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Resent;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/** Records of {@code dead-letters} that consumers write: each holds a record that could not be used, and has its headers. */
public final class DeadLetters {

    /** The header of a record that was sent again: the offset of its dead letter, as text. */
    public static final String RESENT_HEADER = "stepstream-dead-letter";

    /** Of everybody who sends again: whoever begins last fences the others. */
    public static final String TRANSACTIONAL_ID = "stepstream-dead-letters";

    private static final int LONGEST_REASON = 4000;

    /** What a dead letter has room for besides the record's value. */
    private static final int MOST_KEPT = Topics.MAX_REQUEST_BYTES - 64 * 1024;

    private DeadLetters() {}

    /**
     * The letter about a record. A value that has no room in it is left where it is.
     *
     * @param by who gives it up
     * @param error a name for what is wrong
     * @throws RegistryUnavailable if the schema registry is needed and does not answer
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, String by, String error, String reason, RecordCodec codec) {
        if (!hasRoom(record)) {
            return withoutValue(record, by, error, reason, codec);
        }
        var letter = letter(record, by, error, reason)
                .setValue(Utils.wrapNullable(record.value()))
                .build();
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS, null, record.key(), codec.encode(Topics.DEAD_LETTERS, letter), record.headers());
    }

    /** The same about a record of which neither value nor headers are to be kept, as one of a sealed execution. */
    public static ProducerRecord<byte[], byte[]> withoutValue(
            ConsumerRecord<byte[], byte[]> record, String by, String error, String reason, RecordCodec codec) {
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS,
                record.key(),
                codec.encode(
                        Topics.DEAD_LETTERS, letter(record, by, error, reason).build()));
    }

    /**
     * The record that says that a letter's record was sent again.
     *
     * @param offset the letter's, in {@code dead-letters}
     * @param topic that it was sent to
     * @param principal who had it sent
     */
    public static ProducerRecord<byte[], byte[]> resent(
            DeadLetter letter, long offset, String topic, String principal, Instant now, RecordCodec codec) {
        var mark = DeadLetter.newBuilder(letter)
                .setValue(null)
                .setReason("sent again")
                .setKeyId(null)
                .setAt(now)
                .setResent(new Resent(offset, topic, principal))
                .build();
        return new ProducerRecord<>(
                Topics.DEAD_LETTERS, Utils.toNullableArray(letter.getKey()), codec.encode(Topics.DEAD_LETTERS, mark));
    }

    private static DeadLetter.Builder letter(
            ConsumerRecord<byte[], byte[]> record, String by, String error, String reason) {
        return DeadLetter.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setKey(Utils.wrapNullable(record.key()))
                .setValue(null)
                .setBy(by)
                .setError(error)
                .setReason(reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason)
                .setAt(Instant.now());
    }

    private static boolean hasRoom(ConsumerRecord<byte[], byte[]> record) {
        var size = record.value() == null ? 0 : record.value().length;
        for (var header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size <= MOST_KEPT;
    }
}
