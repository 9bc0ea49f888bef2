package io.stepstream.audit.verify;

import io.stepstream.audit.checkpoint.PartitionDigest;
import io.stepstream.audit.replay.Replayed.Obstacle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has been found in one partition so far. Written by one thread. */
final class PartitionReport {
    /** More of them would tell nothing more; they are still counted. */
    private static final int KEPT = 200;

    /**
     * A form that is kept on disk and read again, when a run is resumed.
     *
     * @param digest hexadecimal; empty if none has begun
     * @param lastHash of the value of the record that was read last, hexadecimal
     */
    record State(
            long next,
            long records,
            long run,
            long executions,
            long beginningsGone,
            long redacted,
            Map<Obstacle, Long> byChainOnly,
            long differenceCount,
            List<Difference> differences,
            long digestRecords,
            String digest,
            int checkpoints,
            long vouchedUpTo,
            long lastOffset,
            String lastHash,
            long nextStatus,
            long statuses,
            long unchecked) {}

    long next;
    long records;
    long run;
    long executions;
    long beginningsGone;
    long redacted;
    Optional<PartitionDigest> digest = Optional.empty();
    int checkpoints;
    long vouchedUpTo;
    long lastOffset = -1;
    byte[] lastHash = new byte[0];
    long nextStatus;
    long statuses;
    long unchecked;
    private final Map<Obstacle, Long> byChainOnly = new EnumMap<>(Obstacle.class);
    private final List<Difference> differences = new ArrayList<>();
    private long differenceCount;

    PartitionReport() {}

    PartitionReport(State state) {
        next = state.next();
        records = state.records();
        run = state.run();
        executions = state.executions();
        beginningsGone = state.beginningsGone();
        redacted = state.redacted();
        byChainOnly.putAll(state.byChainOnly());
        differenceCount = state.differenceCount();
        differences.addAll(state.differences());
        digest = state.digest().isEmpty()
                ? Optional.empty()
                : Optional.of(new PartitionDigest(HexFormat.of().parseHex(state.digest()), state.digestRecords()));
        checkpoints = state.checkpoints();
        vouchedUpTo = state.vouchedUpTo();
        lastOffset = state.lastOffset();
        lastHash = HexFormat.of().parseHex(state.lastHash());
        nextStatus = state.nextStatus();
        statuses = state.statuses();
        unchecked = state.unchecked();
    }

    State state() {
        return new State(
                next,
                records,
                run,
                executions,
                beginningsGone,
                redacted,
                Collections.unmodifiableMap(new EnumMap<>(byChainOnly)),
                differenceCount,
                List.copyOf(differences),
                digest.map(PartitionDigest::records).orElse(0L),
                digest.map(PartitionDigest::toString).orElse(""),
                checkpoints,
                vouchedUpTo,
                lastOffset,
                HexFormat.of().formatHex(lastHash),
                nextStatus,
                statuses,
                unchecked);
    }

    void differs(Difference difference) {
        differenceCount++;
        if (differences.size() < KEPT) {
            differences.add(difference);
        }
    }

    void byChainOnly(Obstacle why) {
        byChainOnly.merge(why, 1L, Long::sum);
    }
}
