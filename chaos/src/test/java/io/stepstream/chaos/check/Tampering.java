package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskChange;
import io.stepstream.schemas.avro.TaskResult;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/** Finds records of a recording, and has them tell something else. */
final class Tampering {
    private Tampering() {}

    /** Has the last step that changes one of three tasks so tell of the task before. */
    static void retell(SimulatedWorld world, String change) {
        var steps = world.recording().of(Topics.HISTORY);
        for (var i = steps.size() - 1; i >= 0; i--) {
            var step = world.decode(steps.get(i).value().orElseThrow().get(), HistoryRecord.class);
            var id = steps.get(i).keyText();
            if (!step.getExecutionArn().contains(":three-tasks:")) {
                continue;
            }
            var told = step.getTasks().stream()
                    .map(task -> task.getChange().equals(change) && changed(world, id, change, task.getTicket() - 1)
                            ? TaskChange.newBuilder(task)
                                    .setTicket(task.getTicket() - 1)
                                    .build()
                            : task)
                    .toList();
            if (!told.equals(step.getTasks())) {
                var other = HistoryRecord.newBuilder(step).setTasks(told).build();
                steps.set(i, withValue(steps.get(i), world.codec.encode(Topics.HISTORY, other)));
                return;
            }
        }
        throw new AssertionError("no execution of three tasks has had two that are " + change);
    }

    static boolean changed(SimulatedWorld world, String id, String change, long ticket) {
        return world.recording().of(Topics.HISTORY).stream()
                .filter(record -> record.keyText().equals(id))
                .flatMap(record ->
                        world.decode(record.value().orElseThrow().get(), HistoryRecord.class).getTasks().stream())
                .anyMatch(task -> task.getChange().equals(change) && task.getTicket() == ticket);
    }

    static long starts(SimulatedWorld world, StartExecution start) {
        return world.recording().of(Topics.COMMANDS).stream()
                .filter(record -> world.decode(record.value().orElseThrow().get(), Command.class)
                                        .getBody()
                                instanceof StartExecution other
                        && other.getExecutionArn().equals(start.getExecutionArn()))
                .count();
    }

    /** Takes a step of an execution and all that came after it out of its history, and out of what is known of its status. */
    static void forgetSince(SimulatedWorld world, LogRecord step) {
        var number = world.decode(step.value().orElseThrow().get(), HistoryRecord.class)
                .getStep();
        world.recording()
                .remove(
                        Topics.HISTORY,
                        record -> record.keyText().equals(step.keyText()) && record.offset() >= step.offset());
        world.recording()
                .remove(
                        Topics.EXECUTIONS,
                        record -> record.keyText().equals(step.keyText())
                                && world.decode(record.value().orElseThrow().get(), ExecutionStatus.class)
                                                .getStep()
                                        >= number);
    }

    interface Which<T> {
        boolean is(T record);
    }

    static <T extends org.apache.avro.specific.SpecificRecord> LogRecord last(
            SimulatedWorld world, String topic, Class<T> type, Which<T> which) {
        var fitting = new ArrayList<LogRecord>();
        for (var record : world.recording().of(topic)) {
            if (which.is(world.decode(record.value().orElseThrow().get(), type))) {
                fitting.add(record);
            }
        }
        return fitting.getLast();
    }

    static LogRecord withValue(LogRecord record, byte[] value) {
        return new LogRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                Optional.of(Bytes.wrap(value)),
                record.headers());
    }

    static byte[] withTokenOfAnotherTicket(SimulatedWorld world, LogRecord answer) {
        try {
            var result = world.decode(answer.value().orElseThrow().get(), TaskResult.class);
            var token = world.tokens.verify(result.getToken());
            var stale = new io.stepstream.schemas.TaskToken(token.executionId(), token.ticket() + 1, token.binding());
            return world.codec.encode(
                    Topics.TASK_RESULTS,
                    TaskResult.newBuilder(result)
                            .setToken(world.tokens.sign(stale))
                            .build());
        } catch (io.stepstream.schemas.InvalidToken e) {
            throw new AssertionError(e);
        }
    }
}
