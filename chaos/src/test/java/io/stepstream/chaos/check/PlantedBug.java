package io.stepstream.chaos.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.chaos.world.Template;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ChildEnded;
import io.stepstream.schemas.avro.ChildHeardOf;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HeardEnded;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.ReplyTo;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/** The bugs that are planted, each with the promise that it breaks: in what goes to the engine and comes from it, in its stores, or in the log that it would leave. */
enum PlantedBug {
    A_TIMER_DROPPED(Rule.TIMER) {
        @Override
        Bug plant() {
            return new Once(Duration.ofSeconds(5)) {
                @Override
                void strike(SimulatedWorld world) {
                    var timers = world.store(EngineTopology.TIMERS);
                    keys(world, EngineTopology.TIMERS).stream()
                            .filter(key -> isWake(timers.get(key)))
                            .limit(3)
                            .forEach(timers::delete);
                }
            };
        }
    },
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
            var rows = world.store(EngineTopology.ROWS);
            var prefix = RowKeys.all(start.keyText()).get();
            keys(world, EngineTopology.ROWS).stream()
                    .filter(key -> new String(key.get(), java.nio.charset.StandardCharsets.ISO_8859_1)
                            .startsWith(new String(prefix, java.nio.charset.StandardCharsets.ISO_8859_1)))
                    .forEach(rows::delete);
            world.readAgain(Topics.COMMANDS, start);
        }
    },
    A_REQUEST_NOT_SENT(Rule.EFFECT) {
        @Override
        Bug plant() {
            return new LosesOne(20, (_, topic, _) -> topic.equals(Topics.taskRequests(Template.ASK_BY_TOKEN)));
        }
    },
    TICKETS_PUT_BACK(Rule.HISTORY) {
        @Override
        Bug plant() {
            return new Bug() {
                private final Set<String> struck = new HashSet<>();

                @Override
                public void between(SimulatedWorld world) {
                    var rows = world.store(EngineTopology.ROWS);
                    for (var key : keys(world, EngineTopology.TIMERS)) {
                        var id = RowKeys.timer(key).id();
                        var packed = RowCodec.execution(rows.get(RowKeys.execution(id)));
                        if (struck.size() < 3 && asksForAnotherTask(packed) && struck.add(id)) {
                            rows.put(RowKeys.execution(id), RowCodec.encode(withTicketOf(packed)));
                        }
                    }
                }
            };
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
    AN_APPEND_TIME_MISREAD(Rule.COMMAND) {
        @Override
        Bug plant() {
            return new Bug() {
                private int answers;

                @Override
                public Instant misreads(TaskRequest request, Instant appended) {
                    return isAmongTheFew(++answers) ? appended.minusMillis(20) : appended;
                }
            };
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
            world.recording()
                    .remove(
                            Topics.HISTORY,
                            record -> record.keyText().equals(heard.keyText()) && record.offset() >= heard.offset());
            world.recording()
                    .remove(
                            Topics.EXECUTIONS,
                            record -> record.keyText().equals(heard.keyText())
                                    && world.decode(record.value().orElseThrow().get(), ExecutionStatus.class)
                                                    .getStopDate()
                                            != null);
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
    AN_ANSWER_OVERLOOKED(Rule.CALLBACK) {
        @Override
        Bug plant() {
            return new Bug() {
                private int answers;

                @Override
                public Duration overlooks(TaskRequest request) {
                    return request.getName().equals(Template.ASK_BY_TOKEN) && isAmongTheFew(++answers)
                            ? Duration.ofSeconds(60)
                            : Duration.ZERO;
                }
            };
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
    /** A limit that does not hear that the one is over which has its turn: it lets nothing begin any more. */
    A_SLOT_LEAKED(Rule.LIMIT) {
        @Override
        Bug plant() {
            return new AtTheLimit() {
                @Override
                void strike(SimulatedWorld world, List<Bytes> running, List<Bytes> queue) {
                    running.forEach(world.store(EngineTopology.ROWS)::delete);
                }
            };
        }
    },
    /** A limit that has heard too early that one is over. */
    A_TURN_OVER_THE_LIMIT(Rule.LIMIT) {
        @Override
        Bug plant() {
            return new AtTheLimit() {
                @Override
                void strike(SimulatedWorld world, List<Bytes> running, List<Bytes> queue) {
                    var turn = ByteBuffer.wrap(running.getFirst().get());
                    var execution = new byte[16];
                    turn.get(17, execution);
                    world.tellLimit(new EndTurn(
                            Template.THREE_TASKS.arn(), HexFormat.of().formatHex(execution), turn.getLong(33)));
                }
            };
        }
    },
    TURNS_OUT_OF_ORDER(Rule.LIMIT) {
        @Override
        Bug plant() {
            return new AtTheLimit() {
                @Override
                void strike(SimulatedWorld world, List<Bytes> running, List<Bytes> queue) {
                    var rows = world.store(EngineTopology.ROWS);
                    var first = rows.get(queue.getFirst());
                    rows.put(queue.getFirst(), rows.get(queue.getLast()));
                    rows.put(queue.getLast(), first);
                }
            };
        }
    },
    A_HELD_REQUEST_NOT_SENT(Rule.LIMIT) {
        @Override
        Bug plant() {
            return new LosesOne(20, (_, topic, _) -> topic.equals(Topics.taskRequests(Template.WORK)));
        }
    },
    A_TURN_NOT_GIVEN_BACK(Rule.EFFECT) {
        @Override
        Bug plant() {
            return new LosesOne(
                    10,
                    (world, topic, value) -> topic.equals(Topics.INTERNAL)
                            && world.decode(value, Internal.class).getBody() instanceof EndTurn);
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
    };

    private final Rule broken;

    PlantedBug(Rule broken) {
        this.broken = broken;
    }

    /** The promise that it breaks; it may break others with it. */
    Rule broken() {
        return broken;
    }

    /** The bug while the world runs. */
    Bug plant() {
        return Bug.NONE;
    }

    /** What it does to the log, when the world has come to rest. */
    void tamper(SimulatedWorld world) {}

    /** Loses one record that the engine sends: that number of its kind. */
    private static final class LosesOne implements Bug {
        private final int number;
        private final Kind kind;
        private int sent;

        /** What of the records that the engine sends are of a kind. */
        private interface Kind {
            boolean has(SimulatedWorld world, String topic, byte[] value);
        }

        LosesOne(int number, Kind kind) {
            this.number = number;
            this.kind = kind;
        }

        @Override
        public boolean loses(SimulatedWorld world, String topic, byte[] value) {
            return kind.has(world, topic, value) && ++sent == number;
        }
    }

    /** Strikes once, at its time. */
    private abstract static class Once implements Bug {
        private final Duration after;
        private Optional<Instant> begun = Optional.empty();
        private boolean struck;

        Once(Duration after) {
            this.after = after;
        }

        abstract void strike(SimulatedWorld world);

        @Override
        public void between(SimulatedWorld world) {
            var since = begun.orElseGet(world::now);
            begun = Optional.of(since);
            if (!struck && !world.now().isBefore(since.plus(after))) {
                struck = true;
                strike(world);
            }
        }
    }

    /** Whether the bug strikes at this one. */
    private static boolean isAmongTheFew(int number) {
        return number > 20 && number <= 25;
    }

    /** Strikes once, when one has its turn at a limit of one, and two more wait. */
    private abstract static class AtTheLimit implements Bug {
        private static final String ID = Arns.executionId(Template.THREE_TASKS.arn());
        private boolean struck;

        /**
         * Strikes.
         *
         * @param running the rows of those that have their turn
         * @param queue the rows of those that wait, in order
         */
        abstract void strike(SimulatedWorld world, List<Bytes> running, List<Bytes> queue);

        @Override
        public void between(SimulatedWorld world) {
            var rows = world.store(EngineTopology.ROWS);
            var running = rows(world, 'T').stream()
                    .filter(key -> OtherRows.turn(rows.get(key)).getPlace() == null)
                    .toList();
            var queue = rows(world, 'Q');
            if (!struck && !running.isEmpty() && queue.size() >= 2) {
                struck = true;
                strike(world, running, queue);
            }
        }

        private static List<Bytes> rows(SimulatedWorld world, char kind) {
            var prefix = RowKeys.all(ID).get();
            return keys(world, EngineTopology.ROWS).stream()
                    .filter(key ->
                            Arrays.mismatch(prefix, key.get()) == prefix.length && key.get()[prefix.length] == kind)
                    .toList();
        }
    }

    private static boolean isWake(byte[] timer) {
        return timer[0] == 0;
    }

    private static Set<Bytes> keys(SimulatedWorld world, String store) {
        var keys = new java.util.LinkedHashSet<Bytes>();
        try (var all = world.store(store).all()) {
            all.forEachRemaining(row -> keys.add(row.key));
        }
        return keys;
    }

    /** Whether its last ticket is a task's, and so is the next. */
    private static boolean asksForAnotherTask(PackedExecution packed) {
        return packed.execution().identity().stateMachineArn().equals(Template.THREE_TASKS.arn())
                && packed.rootWait()
                        .filter(wait -> wait instanceof WaitRow.Task
                                && wait.ticket() == packed.execution().nextTicket() - 1)
                        .isPresent();
    }

    /** Its last ticket is to be given out again. */
    private static PackedExecution withTicketOf(PackedExecution packed) {
        var row = packed.execution();
        var again = new ExecutionRow(
                row.identity(),
                row.inputHash(),
                row.started(),
                row.nextTicket() - 1,
                row.nextEventId(),
                row.agenda(),
                row.continuing(),
                row.deadline(),
                row.closing(),
                row.ended(),
                row.parent());
        return new PackedExecution(
                again, packed.root(), packed.rootWait(), packed.chain(), packed.input(), packed.trace());
    }
}
