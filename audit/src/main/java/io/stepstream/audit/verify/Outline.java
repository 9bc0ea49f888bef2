package io.stepstream.audit.verify;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.Purged;
import io.stepstream.schemas.avro.PurgedBy;
import io.stepstream.schemas.avro.Started;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The status of an execution as far as its records tell it openly: who it is, when it began and how it ended are not sealed. So the
 * status of one whose steps cannot be run again is compared too, but for its data.
 */
record Outline(ExecutionStatus status) {
    private static final Map<String, String> ENDINGS = Map.of(
            HistoryEventType.EXECUTION_SUCCEEDED.wireName(), "SUCCEEDED",
            HistoryEventType.EXECUTION_FAILED.wireName(), "FAILED",
            HistoryEventType.EXECUTION_TIMED_OUT.wireName(), "TIMED_OUT",
            HistoryEventType.EXECUTION_ABORTED.wireName(), "ABORTED");

    static Outline of(byte[] bytes) {
        try {
            return new Outline(ExecutionStatus.fromByteBuffer(ByteBuffer.wrap(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            var buffer = status.toByteBuffer();
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is known of an execution whose steps were run. */
    static Outline of(ExecutionRow row) {
        var identity = row.identity();
        return new Outline(ExecutionStatus.newBuilder()
                .setExecutionArn(identity.arn())
                .setName(identity.name())
                .setStateMachineArn(identity.stateMachineArn())
                .setRevision(identity.revision())
                .setStatus(row.ended().map(ended -> ended.status().name()).orElse("RUNNING"))
                .setStartDate(row.started())
                .setStopDate(row.ended().map(ExecutionRow.Ended::at).orElse(null))
                .setStep(0)
                .build());
    }

    /** What a record adds: the status as it makes it known; absent if it makes none. */
    static Optional<Outline> after(Optional<Outline> before, HistoryRecord record) {
        return switch (record.getCommand()) {
            case Started started -> before.isPresent() ? Optional.empty() : Optional.of(started(record, started));
            case PurgedBy _ -> before.map(outline -> outline.purged(record));
            default ->
                before.flatMap(outline -> record.getEvents().stream()
                        .map(Event::getType)
                        .filter(ENDINGS::containsKey)
                        .findFirst()
                        .map(ending -> outline.ended(record, ENDINGS.getOrDefault(ending, ""))));
        };
    }

    private static Outline started(HistoryRecord record, Started started) {
        var begun = new Outline(ExecutionStatus.newBuilder()
                .setExecutionArn(record.getExecutionArn())
                .setName(started.getName())
                .setStateMachineArn(started.getStateMachineArn())
                .setRevision(record.getRevision())
                .setStatus("RUNNING")
                .setStartDate(record.getNow())
                .setStep(record.getStep())
                .build());
        // A machine that waits for nothing ends in its first step.
        return record.getEvents().stream()
                .map(Event::getType)
                .filter(ENDINGS::containsKey)
                .findFirst()
                .map(ending -> begun.ended(record, ENDINGS.getOrDefault(ending, "")))
                .orElse(begun);
    }

    private Outline ended(HistoryRecord record, String how) {
        return new Outline(ExecutionStatus.newBuilder(status)
                .setStatus(how)
                .setStopDate(record.getNow())
                .setStep(record.getStep())
                .build());
    }

    private Outline purged(HistoryRecord record) {
        var mark = new Payload(new Purged(record.getNow(), record.getCaller().getPrincipal()));
        return new Outline(ExecutionStatus.newBuilder(status)
                .setInput(mark)
                .setOutput(status.getStatus().equals("SUCCEEDED") ? mark : null)
                .setStep(record.getStep())
                .build());
    }

    /** Whether a purge was recorded. */
    boolean isPurged() {
        return status.getInput() != null && status.getInput().getContent() instanceof Purged;
    }
}
