package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.HistoryReader.StoredStep;
import io.stepstream.orchestrator.views.avro.TaskEnd;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A task, and the input that its worker gets. */
public record TaskReport(long ticket, TaskState task, Payload input) {

    /** Which records of its partition of history a task's report is made of. */
    static List<Long> offsets(TaskState task) {
        return Stream.concat(Stream.of(task.getOffset()), sealedEnd(task).stream())
                .toList();
    }

    /** @param steps those, opened as far as they can be: what a person has decided is in a sealed one only */
    static TaskReport of(long ticket, TaskState task, Map<Long, StoredStep> steps) {
        var input = record(steps, task.getOffset()).getPayloads().get(task.getInput());
        var decided = sealedEnd(task)
                .flatMap(offset -> Decisions.in(record(steps, offset), ticket))
                .map(decision -> TaskEnd.newBuilder(task.getEnded())
                        .setDecision(decision)
                        .build())
                .map(end -> TaskState.newBuilder(task).setEnded(end).build());
        return new TaskReport(ticket, decided.orElse(task), input);
    }

    private static Optional<Long> sealedEnd(TaskState task) {
        return Optional.ofNullable(task.getEnded()).map(TaskEnd::getSealedAt);
    }

    private static HistoryRecord record(Map<Long, StoredStep> steps, long offset) {
        var step = steps.get(offset);
        if (step == null) {
            throw new IllegalStateException("The history reader left out offset " + offset);
        }
        return step.record();
    }
}
