package io.stepstream.audit.verify;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.audit.verify.Standing.Found;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.BrokenSeal;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Compares the statuses of a partition's executions with what their steps give, as both come: a step makes one known in the transaction that
 * writes it, so both topics have them in the same order, but for what compaction took away. Whichever is read first waits in the
 * execution's {@link Standing} (ADR 0048).
 */
final class StatusVerification {
    private final int partition;
    private final Standings standings;
    private final Function<String, Optional<ExecutionRow>> executions;
    private final Keys keys;
    private final RecordCodec codec;
    private final StoredBytes<ExecutionStatus> bytes;
    private final PartitionReport report;

    /**
     * @param executions the executions as the steps that were run have left them, by id
     * @param report is told of what differs
     */
    StatusVerification(
            int partition,
            Standings standings,
            Function<String, Optional<ExecutionRow>> executions,
            Keys keys,
            RecordCodec codec,
            StoredBytes<ExecutionStatus> bytes,
            PartitionReport report) {
        this.partition = partition;
        this.standings = standings;
        this.executions = executions;
        this.keys = keys;
        this.codec = codec;
        this.bytes = bytes;
        this.report = report;
    }

    /**
     * A step makes a status known.
     *
     * @param before how the execution stands, to be put back by the caller as it is returned
     * @param unknown fields of which the step does not tell
     */
    Standing expect(String id, Standing before, ExecutionStatus status, Set<String> unknown) {
        var early = new ArrayList<>(before.found());
        var step = status.getStep();
        while (!early.isEmpty() && early.getFirst().step() < step) {
            madeByNone(id, early.removeFirst());
        }
        if (early.isEmpty()) {
            return before.with(before.expected().and(status, unknown), List.of());
        }
        // Of a later one, or of a tombstone, compaction has left only that.
        if (early.getFirst().step() == step) {
            compare(id, early.removeFirst(), ExpectedStatus.NONE.and(status, unknown));
        }
        return before.with(ExpectedStatus.NONE, early);
    }

    /** Nobody can tell any more what the statuses of an execution should be. */
    Standing giveUp(Standing before) {
        report.unchecked += before.found().size();
        return before.with(ExpectedStatus.NONE, List.of());
    }

    /**
     * The topic has a record for an execution.
     *
     * @param value absent in a tombstone
     */
    void find(String id, long offset, Optional<byte[]> value) {
        var before = standings.of(id);
        if (before.isUnknown()) {
            report.unchecked++;
            return;
        }
        if (value.isEmpty()) {
            bury(id, before, new Found(offset, Found.TOMBSTONE, value));
            return;
        }
        decoded(id, offset, value.get())
                .ifPresent(status -> settle(id, before, new Found(offset, status.getStep(), value)));
    }

    private void bury(String id, Standing before, Found tombstone) {
        var isLate = before.found().isEmpty() && hasEnded(id, before);
        standings.put(id, isLate ? before.with(ExpectedStatus.NONE, List.of()) : before.and(tombstone));
    }

    private void settle(String id, Standing before, Found found) {
        if (!before.found().isEmpty()) {
            standings.put(id, before.and(found));
            return;
        }
        var ahead = before.expected().from(found.step());
        if (ahead.given().isEmpty()) {
            standings.put(id, before.with(ahead, List.of(found)));
        } else if (ahead.first() == found.step()) {
            compare(id, found, ahead);
            standings.put(id, before.with(ahead.from(found.step() + 1), List.of()));
        } else {
            madeByNone(id, found);
        }
    }

    private Optional<ExecutionStatus> decoded(String id, long offset, byte[] value) {
        ExecutionStatus status;
        try {
            status = codec.decode(value, ExecutionStatus.class);
        } catch (Undecodable e) {
            differs(Kind.UNREADABLE, offset, "", "$", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        var arn = status.getExecutionArn();
        var own = Arns.executionId(arn);
        if (!own.equals(id)) {
            differs(Kind.KEY, offset, arn, "$.executionArn", "the key is " + id + ", the ARN's is " + own);
            return Optional.empty();
        }
        if (bytes.areOfOurSchema(value) && !bytes.areThoseOf(status, value)) {
            differs(Kind.STATUS, offset, arn, "$", "it is not in the bytes that a status is written in");
        }
        return Optional.of(status);
    }

    private ExecutionStatus status(Found found) {
        try {
            return codec.decode(found.value().orElseThrow(), ExecutionStatus.class);
        } catch (Undecodable e) {
            throw new IllegalStateException("what was decoded before is not decoded again", e);
        }
    }

    private void compare(String id, Found found, ExpectedStatus expected) {
        report.statuses++;
        var stored = status(found);
        var opened = opened(found, id, stored);
        for (var field : expected.differences(opened.orElse(stored)).orElse(List.of())) {
            if (opened.isPresent() || !ExpectedStatus.DATA.contains(field)) {
                differs(
                        Kind.STATUS,
                        found.offset(),
                        stored.getExecutionArn(),
                        "$." + field,
                        "it is not what step " + stored.getStep() + " gives");
            }
        }
    }

    private void madeByNone(String id, Found found) {
        if (!found.isTombstone()) {
            differs(
                    Kind.STATUS,
                    found.offset(),
                    arn(id),
                    "$.step",
                    "step " + found.step() + " makes no status known that belongs here: it makes none, or its own or a"
                            + " later one has come before");
        }
    }

    /** The status as it was before it was sealed; absent if its key is not at hand. */
    private Optional<ExecutionStatus> opened(Found found, String id, ExecutionStatus status) {
        var keyId = SealedRecords.keyId(status);
        if (keyId.isEmpty()) {
            return Optional.of(status);
        }
        try {
            return switch (keys.find(id, keyId.get())) {
                case KeyLookup.Found(var key) -> Optional.of(SealedRecords.open(status, key));
                case KeyLookup.Absent _
                when keys.isKept(id) -> throw new BrokenSeal("it names another key than the execution's");
                case KeyLookup.Absent _, KeyLookup.Locked _ -> Optional.empty();
            };
        } catch (BrokenSeal | IllegalStateException e) {
            differs(
                    Kind.STATUS,
                    found.offset(),
                    status.getExecutionArn(),
                    "$.input",
                    "its key does not open it: " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean hasEnded(String id, Standing standing) {
        return standing.outline()
                .map(outline -> outline.status().getStopDate() != null)
                .or(() -> executions.apply(id).map(row -> row.ended().isPresent()))
                .orElse(false);
    }

    private String arn(String id) {
        return standings
                .of(id)
                .outline()
                .map(outline -> outline.status().getExecutionArn())
                .or(() -> executions.apply(id).map(row -> row.identity().arn()))
                .orElse("executionId " + id);
    }

    /**
     * Tells what is not as it must be of an execution all of whose records have been read. It may yet be settled by records that are
     * appended later, so nothing is changed.
     *
     * @param lastStep its last one that was read; absent if none was
     */
    void atEnd(String id, Standing standing, Optional<Long> lastStep, End end) {
        for (var early : standing.found()) {
            if (early.isTombstone()) {
                if (lastStep.isPresent() && !hasEnded(id, standing)) {
                    differs(
                            Kind.STATUS,
                            early.offset(),
                            arn(id),
                            "$",
                            "it is deleted, but the execution has not ended");
                }
            } else if (lastStep.isEmpty() && end.beginningIsGone()
                    || end.isLive() && early.step() > lastStep.orElse(0L)) {
                report.unchecked++;
            } else if (lastStep.isEmpty()) {
                differs(
                        Kind.STATUS,
                        early.offset(),
                        status(early).getExecutionArn(),
                        "$",
                        "there is no history of this execution");
            } else {
                madeByNone(id, early);
            }
        }
        if (!standing.expected().given().isEmpty()) {
            differs(
                    Kind.STATUS,
                    end.offset(),
                    arn(id),
                    "$",
                    "the status that step " + standing.expected().last()
                            + " made known is not there, and no later one");
        }
        keyAtEnd(id, standing, end);
    }

    private void keyAtEnd(String id, Standing standing, End end) {
        if (standing.tail().isEmpty()) {
            return;
        }
        if (standing.tail().get().why() == Obstacle.PURGED && !standing.isPurged() && !end.isLive()) {
            differs(Kind.KEY, end.offset(), arn(id), "$", "its key is destroyed, and its history tells of no purge");
        }
        if (standing.isPurged() && keys.isKept(id)) {
            differs(Kind.KEY, end.offset(), arn(id), "$", "its history tells of a purge, and its key is still there");
        }
    }

    /**
     * The end of what was read.
     *
     * @param offset one past the last status
     * @param beginningIsGone whether there were executions before what was read of the history
     * @param isLive whether statuses may be newer than the history
     */
    record End(long offset, boolean beginningIsGone, boolean isLive) {}

    private void differs(Kind kind, long offset, String execution, String path, String what) {
        report.differs(new Difference(kind, Topics.EXECUTIONS, partition, offset, execution, path, what));
    }
}
