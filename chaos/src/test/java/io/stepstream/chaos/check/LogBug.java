package io.stepstream.chaos.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.chaos.world.Template;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ChildEnded;
import io.stepstream.schemas.avro.ChildHeardOf;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.HeardEnded;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.Redriven;
import io.stepstream.schemas.avro.ReplyTo;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;

/** Bugs in the log that an engine would leave, each with the promise that it breaks. */
enum LogBug {
    A_COMMAND_APPLIED_TWICE(Rule.COMMAND) {
        @Override
        void tamper(SimulatedWorld world) {
            var start = Tampering.last(
                    world,
                    Topics.COMMANDS,
                    Command.class,
                    command -> command.getBody() instanceof StartExecution started
                            && started.getStateMachineArn().equals(Template.ONE_TASK.arn())
                            && Tampering.starts(world, started) == 1);
            world.keys(EngineTopology.ROWS, RowKeys.all(start.keyText()))
                    .forEach(world.store(EngineTopology.ROWS)::delete);
            world.readAgain(Topics.COMMANDS, start);
        }
    },
    A_TICKET_REUSED(Rule.TICKET) {
        @Override
        void tamper(SimulatedWorld world) {
            Tampering.retell(world, "REQUESTED");
        }
    },
    A_TASK_ENDED_TWICE(Rule.TICKET) {
        @Override
        void tamper(SimulatedWorld world) {
            Tampering.retell(world, "SUCCEEDED");
        }
    },
    A_STALE_RESULT_ACCEPTED(Rule.COMMAND) {
        @Override
        void tamper(SimulatedWorld world) {
            var step = Tampering.last(
                    world,
                    Topics.HISTORY,
                    HistoryRecord.class,
                    record -> record.getCommand() instanceof TaskCompleted
                            && record.getTasks().stream()
                                    .anyMatch(task -> task.getChange().equals("SUCCEEDED")));
            var done = (TaskCompleted) world.decode(step.value().orElseThrow().get(), HistoryRecord.class)
                    .getCommand();
            var answers = world.recording().of(Topics.TASK_RESULTS);
            for (var i = 0; i < answers.size(); i++) {
                var answer = answers.get(i);
                if (answer.keyText().equals(step.keyText())
                        && answer.timestamp() == done.getAppended().toEpochMilli()) {
                    answers.set(i, Tampering.withValue(answer, Tampering.withTokenOfAnotherTicket(world, answer)));
                }
            }
        }
    },
    A_CHILD_REPORT_LOST(Rule.END) {
        @Override
        void tamper(SimulatedWorld world) {
            var heard = Tampering.last(
                    world,
                    Topics.HISTORY,
                    HistoryRecord.class,
                    record -> record.getCommand() instanceof ChildHeardOf report
                            && report.getReport() instanceof HeardEnded
                            && record.getExecutionArn().contains(":child:"));
            world.recording()
                    .removeLast(
                            Topics.INTERNAL,
                            record -> record.keyText().equals(heard.keyText())
                                    && world.decode(record.value().orElseThrow().get(), Internal.class)
                                                    .getBody()
                                            instanceof ChildReported report
                                    && report.getReport() instanceof ChildEnded);
            // What came of it in its parent has not come either.
            Tampering.forgetSince(world, heard);
        }
    },
    A_STATUS_NOT_WRITTEN(Rule.STATUS) {
        @Override
        void tamper(SimulatedWorld world) {
            world.recording().removeLast(Topics.EXECUTIONS, _ -> true);
        }
    },
    A_VERDICT_BEFORE_COMMIT(Rule.VERDICT) {
        @Override
        void tamper(SimulatedWorld world) {
            var asked = Tampering.last(world, Topics.taskRequests(Template.ASK_BY_TOKEN), TaskRequest.class, _ -> true);
            var request = world.decode(asked.value().orElseThrow().get(), TaskRequest.class);
            var caller = Caller.newBuilder()
                    .setChannel("http")
                    .setRequestId("late")
                    .setReplyTo(new ReplyTo("another gateway", "call"))
                    .build();
            var late = TaskResult.newBuilder()
                    .setCaller(caller)
                    .setToken(request.getToken())
                    .setBody(new TaskFailed("Late", "nobody"))
                    .build();
            world.recording()
                    .add(
                            Topics.TASK_RESULTS,
                            request.getExecutionId().getBytes(UTF_8),
                            world.codec.encode(Topics.TASK_RESULTS, late),
                            world.now().toEpochMilli());
            var verdict = Verdict.newBuilder()
                    .setInstance("another gateway")
                    .setCorrelation("call")
                    .setSubject(request.getExecutionArn())
                    .setAt(world.now())
                    .build();
            world.recording()
                    .add(
                            Topics.VERDICTS,
                            "another gateway".getBytes(UTF_8),
                            world.codec.encode(Topics.VERDICTS, verdict),
                            world.now().toEpochMilli());
        }
    },
    A_VERDICT_LOST(Rule.VERDICT) {
        @Override
        void tamper(SimulatedWorld world) {
            world.recording().removeLast(Topics.VERDICTS, _ -> true);
        }
    },
    A_REQUEST_SENT_TWICE(Rule.EFFECT) {
        @Override
        void tamper(SimulatedWorld world) {
            var topic = Topics.taskRequests(Template.WORK);
            var last = world.recording().of(topic).getLast();
            world.recording()
                    .add(
                            topic,
                            last.key().orElseThrow().get(),
                            last.value().orElseThrow().get(),
                            last.timestamp());
        }
    },
    A_STEP_NOT_RECORDED(Rule.HISTORY) {
        @Override
        void tamper(SimulatedWorld world) {
            world.recording()
                    .removeLast(
                            Topics.HISTORY,
                            record -> world.decode(record.value().orElseThrow().get(), HistoryRecord.class)
                                            .getStep()
                                    == 2);
        }
    },
    /** A redrive of which nothing is left but that it was accepted. */
    A_REDRIVE_LOST(Rule.VERDICT) {
        @Override
        void tamper(SimulatedWorld world) {
            Tampering.forgetSince(world, lastRedrive(world));
        }
    },
    A_STEP_AFTER_THE_END(Rule.END) {
        @Override
        void tamper(SimulatedWorld world) {
            world.recording().of(Topics.HISTORY).remove(lastRedrive(world));
        }
    };

    private final Rule broken;

    LogBug(Rule broken) {
        this.broken = broken;
    }

    /** The promise that it breaks; it may break others with it. */
    Rule broken() {
        return broken;
    }

    /** What it does to the log, when the world has come to rest. */
    abstract void tamper(SimulatedWorld world);

    /** The last step that had an execution go on. */
    private static LogRecord lastRedrive(SimulatedWorld world) {
        return Tampering.last(
                world,
                Topics.HISTORY,
                HistoryRecord.class,
                record -> record.getCommand() instanceof Redriven
                        && !record.getEvents().isEmpty());
    }
}
