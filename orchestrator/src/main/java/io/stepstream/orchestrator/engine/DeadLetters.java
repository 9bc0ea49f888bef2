package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.DeadLetter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Gives records up. Dead letters are kept for long, so one about a sealed execution is sealed as the rest of it; and where anything can be sealed, one
 * about an execution of which that is not known comes without the record's value, which is where it was until that topic's retention.
 */
final class DeadLetters {
    /** Errors whose reason is all of our words, and quotes nothing. */
    private static final Set<String> OUR_WORDS =
            Set.of("MisroutedCommand", "MisroutedResult", "INVALID_TOKEN", "LINK_EXPIRED");

    private final KeyValueStore<Bytes, byte[]> rows;
    private final DataKeys keys;
    private final MasterKeys masterKeys;
    private final Outbox outbox;

    DeadLetters(KeyValueStore<Bytes, byte[]> rows, DataKeys keys, MasterKeys masterKeys, Outbox outbox) {
        this.rows = rows;
        this.keys = keys;
        this.masterKeys = masterKeys;
        this.outbox = outbox;
    }

    /** Gives a record up that is about what its key says. */
    void give(Delivery delivery, String error, String reason, Instant now) {
        give(delivery, delivery.keyText(), error, reason, now);
    }

    /**
     * Gives a record up.
     *
     * @param about an executionId, or anything else
     */
    void give(Delivery delivery, String about, String error, String reason, Instant now) {
        outbox.deadLetter(delivery, discreet(letter(delivery, error, reason, now), about), now);
    }

    /** Gives a record up that is about a sealed execution, whose key may be as new as the record. */
    void give(Delivery delivery, ExecutionKey key, String error, String reason, Instant now) {
        outbox.deadLetter(delivery, SealedRecords.seal(letter(delivery, error, reason, now), key), now);
    }

    private static DeadLetter letter(Delivery delivery, String error, String reason, Instant now) {
        return new DeadLetter(
                delivery.topic(),
                delivery.partition(),
                delivery.offset(),
                ByteBuffer.wrap(delivery.key().get()),
                ByteBuffer.wrap(delivery.value().get()),
                "engine",
                error,
                reason,
                now,
                null,
                null);
    }

    private DeadLetter discreet(DeadLetter letter, String about) {
        if (!RowKeys.isId(about)) {
            return letter;
        }
        try {
            var key = keys.find(about);
            if (key.isPresent()) {
                return SealedRecords.seal(letter, key.get());
            }
        } catch (NotYet locked) {
            return withoutValue(letter);
        }
        var isOpen = !masterKeys.canSeal() || rows.get(RowKeys.execution(about)) != null;
        return isOpen ? letter : withoutValue(letter);
    }

    private static DeadLetter withoutValue(DeadLetter letter) {
        var reason = OUR_WORDS.contains(letter.getError()) ? letter.getReason() : letter.getError();
        return DeadLetter.newBuilder(letter)
                .setValue(null)
                .setReason(reason + " (its value is not kept here: it may be of a sealed execution)")
                .build();
    }
}
