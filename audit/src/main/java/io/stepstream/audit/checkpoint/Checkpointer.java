package io.stepstream.audit.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AuditCheckpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes checkpoints of a log: reads what has been appended to each partition since the last one, and signs the digest. There is one
 * at a time; it needs to read the history and to write the topic of checkpoints, and nothing else of the engine.
 */
public final class Checkpointer {
    private final LogSource log;
    private final SigningKeys.Signer signer;
    private final InstantSource clock;
    private final Publisher publisher;
    private final Map<Integer, Running> partitions = new TreeMap<>();

    /** Where checkpoints are sent; on return they are stored. */
    @FunctionalInterface
    public interface Publisher {
        void publish(byte[] key, AuditCheckpoint checkpoint);
    }

    /** A partition's digest, and the last checkpoint that was made of it. */
    private record Running(PartitionDigest digest, Statement last) {}

    /**
     * Goes on from the last checkpoints in the log.
     *
     * @throws UntrustedCheckpoints if one of them is not signed by this key, or is missing
     */
    public Checkpointer(
            LogSource log,
            SigningKeys.Signer signer,
            SigningKeys.Verifier verifier,
            InstantSource clock,
            Publisher publisher) {
        this.log = log;
        this.signer = signer;
        this.clock = clock;
        this.publisher = publisher;
        var made = Checkpoints.read(log, verifier);
        if (!made.problems().isEmpty()) {
            throw new UntrustedCheckpoints(made.problems());
        }
        made.last().forEach((partition, last) -> partitions.put(partition, new Running(last.resume(), last)));
    }

    /**
     * Checkpoints every partition that has grown.
     *
     * @return what was signed
     */
    public List<Statement> run() {
        var statements = new ArrayList<Statement>();
        log.partitions(LogTopic.HISTORY).forEach((partition, range) -> {
            var before = partitions.computeIfAbsent(partition, _ -> first(partition, range));
            var offset = read(partition, range, before);
            if (offset > before.last().offset()) {
                var statement = next(before, offset);
                publisher.publish(Checkpoints.key(partition).getBytes(UTF_8), statement.sign(signer));
                partitions.put(partition, new Running(before.digest(), statement));
                statements.add(statement);
            }
        });
        return statements;
    }

    /** Reads on, and tells the offset behind the last record. */
    private long read(int partition, OffsetRange range, Running before) {
        var offset = before.last().offset();
        if (offset < range.first()) {
            throw new IllegalStateException(
                    "the history of partition " + partition + " begins at offset " + range.first()
                            + " now, and the last checkpoint is of offset " + offset
                            + ": records were deleted before they were checkpointed; run it more often than the retention");
        }
        try (var reader = log.read(LogTopic.HISTORY, partition, offset, range.end())) {
            while (reader.hasNext()) {
                var record = reader.next();
                before.digest().add(record);
                offset = record.offset() + 1;
            }
        }
        return offset;
    }

    private static Running first(int partition, OffsetRange range) {
        return new Running(
                new PartitionDigest(),
                new Statement(Topics.HISTORY, partition, 0, range.first(), range.first(), 0, "", "", Instant.EPOCH));
    }

    private Statement next(Running before, long offset) {
        var last = before.last();
        return new Statement(
                last.topic(),
                last.partition(),
                last.sequence() + 1,
                last.from(),
                offset,
                before.digest().records(),
                before.digest().toString(),
                last.sequence() == 0 ? "" : last.hash(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Encodes checkpoints for a topic. */
    public static byte[] encode(RecordCodec codec, AuditCheckpoint checkpoint) {
        return codec.encode(Topics.AUDIT_CHECKPOINTS, checkpoint);
    }
}
