package io.stepstream.audit.checkpoint;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.AuditCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The checkpoints of a log, checked among themselves: signed by the key, numbered without gaps, each naming the one before.
 *
 * @param ofPartition the good ones of each partition of the history, in order
 * @param problems what is wrong with the others
 */
public record Checkpoints(SortedMap<Integer, List<Statement>> ofPartition, List<Problem> problems) {

    /** A record of the topic of checkpoints that proves nothing. */
    public record Problem(int partition, long offset, String why) {}

    public static final Checkpoints NONE = new Checkpoints(new TreeMap<>(), List.of());

    /** Reads and checks them all. */
    public static Checkpoints read(LogSource log, SigningKeys.Verifier verifier) {
        var reading = new Reading(log.codec(), verifier);
        for (int partition : log.partitions(LogTopic.CHECKPOINTS).keySet()) {
            try (var reader = log.read(LogTopic.CHECKPOINTS, partition)) {
                var more = true;
                while (more) {
                    try {
                        more = reader.hasNext();
                        if (more) {
                            reading.take(reader.next());
                        }
                    } catch (DamagedLog e) {
                        reading.problems.add(new Problem(partition, e.offset(), String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        return new Checkpoints(reading.good, List.copyOf(reading.problems));
    }

    /** Those of one partition. */
    public List<Statement> of(int partition) {
        return ofPartition.getOrDefault(partition, List.of());
    }

    public int count() {
        return ofPartition.values().stream().mapToInt(List::size).sum();
    }

    /** The key of a partition's checkpoints. */
    static String key(int partition) {
        return Topics.HISTORY + ' ' + partition;
    }

    private static final class Reading {
        private final RecordCodec codec;
        private final SigningKeys.Verifier verifier;
        private final TreeMap<Integer, List<Statement>> good = new TreeMap<>();
        private final List<Problem> problems = new ArrayList<>();

        Reading(RecordCodec codec, SigningKeys.Verifier verifier) {
            this.codec = codec;
            this.verifier = verifier;
        }

        void take(LogRecord record) {
            try {
                var bytes = record.value().orElseThrow(() -> new Undecodable("no value", null));
                var checkpoint = codec.decode(bytes.get(), AuditCheckpoint.class);
                var statement = Statement.of(checkpoint);
                if (!statement.isSigned(checkpoint, verifier)) {
                    problem(
                            record,
                            "it is not signed by key " + verifier.keyId() + " (it names " + checkpoint.getKeyId()
                                    + "), or was changed since");
                } else if (!record.keyText().equals(key(statement.partition()))
                        || !statement.topic().equals(Topics.HISTORY)) {
                    problem(record, "its key is not that of what it is about");
                } else {
                    follow(record, statement);
                }
            } catch (Undecodable e) {
                problem(record, String.valueOf(e.getMessage()));
            }
        }

        private void follow(LogRecord record, Statement statement) {
            var before = good.computeIfAbsent(statement.partition(), _ -> new ArrayList<>());
            var sequence = before.isEmpty() ? 1 : before.getLast().sequence() + 1;
            var previous = before.isEmpty() ? "" : before.getLast().hash();
            if (statement.sequence() != sequence || !statement.previous().equals(previous)) {
                problem(
                        record,
                        "checkpoint " + statement.sequence() + " of partition " + statement.partition() + " follows "
                                + (sequence - 1) + ": one is missing, out of place, or there twice");
            }
            // Signed it is: what it says about the history still counts, in its place.
            if (before.isEmpty() || statement.offset() >= before.getLast().offset()) {
                before.add(statement);
            }
        }

        private void problem(LogRecord record, String why) {
            problems.add(new Problem(record.partition(), record.offset(), why));
        }
    }

    /** For whoever makes the next ones: the last of each partition. */
    Map<Integer, Statement> last() {
        var last = new TreeMap<Integer, Statement>();
        ofPartition.forEach((partition, statements) -> last.put(partition, statements.getLast()));
        return last;
    }
}
