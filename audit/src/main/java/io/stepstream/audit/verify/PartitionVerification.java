package io.stepstream.audit.verify;

import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.replay.Replayed;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.audit.verify.Difference.Kind;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.orchestrator.steps.HistoryRecords;
import io.stepstream.orchestrator.steps.RecordedStep;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.MintedToken;
import io.stepstream.schemas.avro.PurgedBy;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Goes through the history of one partition, record by record. */
final class PartitionVerification {
    private final int partition;
    private final int partitions;
    private final Scope scope;
    private final Optional<String> only;
    private final Standings standings;
    private final Replayer replayer;
    private final StatusVerification statuses;
    private final RecordCodec codec;
    private final StoredBytes<HistoryRecord> bytes;
    private final CheckpointCheck checkpoints;
    private final PartitionReport report;
    private final HistoryRecords purges = new HistoryRecords();
    private final MessageDigest sha256 = Sha256.digest();
    private final boolean beginningIsGone;

    /** A record while it is looked at. */
    private record Seen(LogRecord at, String id, HistoryRecord record, String hash) {}

    PartitionVerification(
            int partition,
            int partitions,
            Scope scope,
            Standings standings,
            Replayer replayer,
            StatusVerification statuses,
            RecordCodec codec,
            StoredBytes<HistoryRecord> bytes,
            CheckpointCheck checkpoints,
            PartitionReport report,
            long firstOffset) {
        this.partition = partition;
        this.partitions = partitions;
        this.scope = scope;
        this.only = scope.executionId();
        this.standings = standings;
        this.replayer = replayer;
        this.statuses = statuses;
        this.codec = codec;
        this.bytes = bytes;
        this.checkpoints = checkpoints;
        this.report = report;
        this.beginningIsGone = firstOffset > 0;
    }

    /**
     * Verifies what a reader gives.
     *
     * @param afterEach is called after each record, with it
     */
    void run(LogReader reader, Consumer<LogRecord> afterEach) {
        var records = new Reading(LogTopic.HISTORY, partition, reader, report);
        for (var next = records.peek(); next.isPresent(); next = records.peek()) {
            verify(records.take());
            afterEach.accept(next.get());
        }
        checkpoints.atEnd(report);
    }

    private void verify(LogRecord at) {
        var hash = sha256.digest(at.value().map(value -> value.get()).orElseGet(() -> new byte[0]));
        checkpoints.before(at, report);
        checkpoints.add(at, hash, report);
        report.records++;
        report.next = at.offset() + 1;
        report.lastOffset = at.offset();
        report.lastHash = hash;
        HistoryRecord record;
        try {
            record = codec.decode(
                    at.value()
                            .orElseThrow(() -> new Undecodable("it has no value", null))
                            .get(),
                    HistoryRecord.class);
        } catch (Undecodable e) {
            if (only.isEmpty() || at.keyText().equals(only.get())) {
                differs(Kind.UNREADABLE, at, "", "$", String.valueOf(e.getMessage()));
            }
            return;
        }
        var seen = new Seen(
                at,
                Arns.executionId(record.getExecutionArn()),
                record,
                HexFormat.of().formatHex(hash));
        if (only.isEmpty() || seen.id().equals(only.get()) || at.keyText().equals(only.get())) {
            verify(seen);
        }
    }

    private void verify(Seen seen) {
        if (!seen.at().keyText().equals(seen.id())) {
            differs(
                    Kind.KEY,
                    seen,
                    "$.executionArn",
                    "the key is " + seen.at().keyText() + ", the ARN's is " + seen.id());
        } else if (Topics.partitionOf(seen.id(), partitions) != partition) {
            differs(
                    Kind.KEY,
                    seen,
                    "$.executionArn",
                    "it belongs into partition " + Topics.partitionOf(seen.id(), partitions) + " of " + partitions);
        }
        var tail = standings.of(seen.id()).tail();
        if (tail.isPresent()) {
            if (follows(seen, tail.get().chain())) {
                onlyChained(seen, tail.get().why(), tail.get().chain(), Optional.empty());
            }
            return;
        }
        var before = replayer.rowsBefore(seen.id(), seen.record());
        var chain = before.chain();
        if (chain.step() == 0) {
            report.executions++;
            if (seen.record().getStep() > 1 && beginningIsGone) {
                report.beginningsGone++;
                onlyChained(seen, Obstacle.STATE_UNKNOWN, chain, Optional.empty());
                return;
            }
        }
        if (!follows(seen, chain)) {
            return;
        }
        if (seen.record().getStep() != chain.step() + 1) {
            onlyChained(seen, Obstacle.STATE_UNKNOWN, chain, before.execution());
            return;
        }
        switch (replayer.run(seen.id(), seen.record(), before)) {
            case Replayed.Ran ran -> compare(seen, ran, chain);
            case Replayed.NotRun(var why, var _) -> onlyChained(seen, why, chain, before.execution());
            case Replayed.Impossible(var path, var why) -> {
                differs(Kind.STEP, seen, path, why);
                onlyChained(seen, Obstacle.STATE_UNKNOWN, chain, before.execution());
            }
        }
    }

    /** Whether the record is the next of its execution, or a later one; one that came before is not to be looked at again. */
    private boolean follows(Seen seen, Chain chain) {
        var step = seen.record().getStep();
        if (step <= chain.step()) {
            differs(
                    Kind.CHAIN,
                    seen,
                    "$.step",
                    "step " + step + " comes after step " + chain.step() + ": it is there twice, or out of place");
            return false;
        }
        if (step > chain.step() + 1) {
            var missing = step == chain.step() + 2
                    ? "step " + (chain.step() + 1) + " is"
                    : "steps " + (chain.step() + 1) + " to " + (step - 1) + " are";
            differs(Kind.CHAIN, seen, "$.step", missing + " missing before step " + step);
        } else if (!isHashUnknown(chain)
                && !hex(seen.record().getPreviousHash()).equals(chain.hash())) {
            differs(
                    Kind.CHAIN,
                    seen,
                    "$.previousHash",
                    "it follows a record with the hash " + hex(seen.record().getPreviousHash())
                            + ", but the one before it has " + chain.hash() + ": that one was changed, or this");
        }
        if (seen.record().getNow().isBefore(chain.at())) {
            differs(Kind.CHAIN, seen, "$.now", "it is before the step before it, at " + chain.at());
        }
        return true;
    }

    /** A record whose tokens are left out has not the hash that it was stored with. */
    private static boolean isHashUnknown(Chain chain) {
        return chain.step() > 0 && chain.hash().isEmpty();
    }

    private static boolean isRedacted(HistoryRecord record) {
        return record.getTokens().stream().anyMatch(token -> token.getToken() == null);
    }

    private void compare(Seen seen, Replayed.Ran ran, Chain chain) {
        report.run++;
        var record = seen.record();
        var seed = Hashes.seed(seen.id(), record.getStep(), record.getBinding());
        var same = true;
        if (record.getSeed() != seed) {
            differs(Kind.STEP, seen, "$.seed", "recorded is " + record.getSeed() + ", the step's is " + seed);
            same = false;
        }
        var stored = seen.at().value().orElseThrow().get();
        var opened = ran.opened();
        var made = expected(opened, ran.made(), chain);
        if (isRedacted(record)) {
            report.redacted++;
        }
        if (!isStoredAs(seen, opened, made)) {
            var places = RecordComparison.of(opened, made);
            places.forEach(place -> differs(Kind.STEP, seen, place.path(), place.what()));
            same &= places.isEmpty();
            if (places.isEmpty() && bytes.areOfOurSchema(stored)) {
                differs(Kind.STEP, seen, "$", "it is the step's record, but not in the bytes that it is written in");
            }
        }
        if (!same || !isKept(seen, ran)) {
            onlyChained(
                    seen,
                    Obstacle.STATE_UNKNOWN,
                    chain,
                    ran.recorded().run().rows().execution());
        }
    }

    /** Whether what is stored is what the step makes; sealed, it is never the same bytes twice, but opens to the same. */
    private boolean isStoredAs(Seen seen, HistoryRecord opened, HistoryRecord made) {
        var stored = seen.at().value().orElseThrow().get();
        return bytes.areOfOurSchema(stored)
                && (opened == seen.record()
                        ? bytes.areThoseOf(made, stored)
                        : made.equals(opened) && bytes.areThoseOf(seen.record(), stored));
    }

    private boolean isKept(Seen seen, Replayed.Ran ran) {
        try {
            ran.status()
                    .ifPresent(status -> standings.put(
                            seen.id(), statuses.expect(seen.id(), standings.of(seen.id()), status, Set.of())));
            replayer.keep(ran, isRedacted(seen.record()) ? "" : seen.hash());
            return true;
        } catch (IllegalStateException e) {
            differs(Kind.STEP, seen, "$", String.valueOf(e.getMessage()));
            return false;
        }
    }

    /**
     * The record that should be there: with tokens left out where they are, and with the previous hash that is there, which
     * {@link #follows} has told of.
     */
    private static HistoryRecord expected(HistoryRecord recorded, HistoryRecord made, Chain chain) {
        var redacted = isRedacted(recorded);
        if (!redacted && hex(recorded.getPreviousHash()).equals(chain.hash())) {
            return made;
        }
        var expected = HistoryRecord.newBuilder(made).setPreviousHash(recorded.getPreviousHash());
        if (redacted) {
            var left = recorded.getTokens().stream()
                    .filter(token -> token.getToken() != null)
                    .map(MintedToken::getTicket)
                    .toList();
            expected.setTokens(made.getTokens().stream()
                    .map(token -> left.contains(token.getTicket()) ? token : new MintedToken(token.getTicket(), null))
                    .toList());
        }
        return expected.build();
    }

    /**
     * From here on, only its chain vouches for the execution, and what its records tell openly.
     *
     * @param before the end of the chain before the record
     * @param row the execution's, if its steps were run up to here
     */
    private void onlyChained(Seen seen, Obstacle why, Chain before, Optional<ExecutionRow> row) {
        var record = seen.record();
        report.byChainOnly(record.getCommand() instanceof PurgedBy ? Obstacle.NO_STEP : why);
        if (record.getCommand() instanceof PurgedBy purge && record.getStep() == before.step() + 1) {
            compare(seen, purge, before);
        }
        var standing = standings.of(seen.id());
        var chain = new Chain(record.getStep(), seen.hash(), record.getNow());
        var told = Outline.after(standing.outline().or(() -> row.map(Outline::of)), record);
        var after = told.map(standing::with).orElse(standing).with(new Tail(chain, why));
        if (after.isUnknown()) {
            after = statuses.giveUp(after);
        } else if (told.isPresent()) {
            var unknown = told.get().isPurged() ? Set.<String>of() : ExpectedStatus.OF_A_RUN;
            after = statuses.expect(seen.id(), after, told.get().status(), unknown);
        }
        standings.put(seen.id(), after);
    }

    /** Nothing runs a purge again, but its record can be made again. */
    private void compare(Seen seen, PurgedBy purge, Chain before) {
        var record = seen.record();
        var identity = new ExecutionIdentity(record.getExecutionArn(), "", "", "", "", record.getRevision());
        var made = purges.ofPurge(
                identity, before, record.getCaller(), purge, RecordedStep.limits(record), record.getNow());
        RecordComparison.of(record, expected(record, made, before))
                .forEach(place -> differs(Kind.STEP, seen, place.path(), place.what()));
    }

    private void differs(Kind kind, Seen seen, String path, String what) {
        if (scope.from().filter(seen.record().getNow()::isBefore).isEmpty()) {
            differs(kind, seen.at(), seen.record().getExecutionArn(), path, what);
        }
    }

    private void differs(Kind kind, LogRecord at, String execution, String path, String what) {
        report.differs(new Difference(kind, LogTopic.HISTORY.topic(), partition, at.offset(), execution, path, what));
    }

    private static String hex(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
