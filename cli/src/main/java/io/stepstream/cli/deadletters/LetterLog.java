package io.stepstream.cli.deadletters;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is in {@code dead-letters}, which has one partition. */
final class LetterLog {
    /** So many are held at once, the newest; their values are not. */
    static final int MOST = 10_000;

    static final TopicPartition PARTITION = new TopicPartition(Topics.DEAD_LETTERS, 0);
    private static final Logger LOG = LoggerFactory.getLogger(LetterLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Installation installation;

    LetterLog(Installation installation) {
        this.installation = installation;
    }

    /**
     * The letters that are selected, oldest first, and what became of them; the {@value #MOST} newest. Whatever was written before this was
     * called is there: open transactions are waited for.
     *
     * @param from none before this time are selected
     * @throws Trouble if that takes longer than a minute for what is committed
     */
    List<Letter> read(Optional<Instant> from, Predicate<Letter> selection) {
        try (var consumer = installation.consumer()) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, beginning(from));
            return read(consumer, selection);
        }
    }

    /** A record of the topic as it is there. */
    Optional<ConsumerRecord<byte[], byte[]>> record(long offset) {
        return record(PARTITION, offset);
    }

    /** A record of any topic, if it is still there. */
    Optional<ConsumerRecord<byte[], byte[]>> record(TopicPartition partition, long offset) {
        var isThere = installation.partitions(partition.topic()).orElse(0) > partition.partition()
                && installation.offset(partition, OffsetSpec.earliest()) <= offset
                && installation.offset(partition, OffsetSpec.latest()) > offset;
        if (!isThere) {
            return Optional.empty();
        }
        try (var consumer = installation.consumer()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) <= offset) {
                for (var record : consumer.poll(POLL)) {
                    return Optional.of(record).filter(it -> it.offset() == offset);
                }
                inTime(until, partition);
            }
            return Optional.empty();
        }
    }

    private long beginning(Optional<Instant> from) {
        var earliest = installation.offset(PARTITION, OffsetSpec.earliest());
        // Letters are written a little after the time that they tell.
        return from.map(time ->
                        installation.offset(PARTITION, OffsetSpec.forTimestamp(Math.max(0, time.toEpochMilli()))))
                .map(offset -> offset < 0 ? installation.offset(PARTITION, OffsetSpec.latest()) : offset)
                .orElse(earliest);
    }

    private List<Letter> read(Consumer<byte[], byte[]> consumer, Predicate<Letter> selection) {
        var end = installation.offset(PARTITION, OffsetSpec.latest());
        Map<Long, Letter> letters = new LinkedHashMap<>();
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(PARTITION) < end) {
            var records = consumer.poll(POLL);
            records.forEach(record -> take(record, selection, letters));
            if (records.isEmpty()) {
                inTime(until, PARTITION);
            } else {
                until = System.nanoTime() + PATIENCE.toNanos();
            }
        }
        return new ArrayList<>(letters.values());
    }

    private static void inTime(long until, TopicPartition partition) {
        if (System.nanoTime() > until) {
            throw new Trouble(partition + " gave nothing for " + PATIENCE.toSeconds()
                    + " s: are its brokers there, and is no transaction left open?");
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Predicate<Letter> selection, Map<Long, Letter> letters) {
        DeadLetter content;
        try {
            content = installation.codec().decode(record.value(), DeadLetter.class);
        } catch (Undecodable e) {
            LOG.warn("{}@{} is no dead letter, and is passed over: {}", PARTITION, record.offset(), e.getMessage());
            return;
        }
        var resent = content.getResent();
        if (resent != null) {
            var sent = new Letter.Sent(content.getAt(), resent.getTopic(), resent.getPrincipal());
            letters.computeIfPresent(resent.getLetter(), (_, letter) -> letter.with(sent));
            return;
        }
        var letter = Letter.of(record.offset(), content);
        if (selection.test(letter)) {
            letters.put(letter.offset(), letter);
            if (letters.size() > MOST) {
                letters.remove(letters.keySet().iterator().next());
            }
        }
    }
}
