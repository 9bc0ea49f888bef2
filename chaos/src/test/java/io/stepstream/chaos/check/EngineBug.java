package io.stepstream.chaos.check;

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
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.StateMachineResumed;
import io.stepstream.schemas.avro.TaskRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/** Bugs in what goes to the engine and comes from it, and in its stores, each with the promise that it breaks. */
enum EngineBug {
    A_TIMER_DROPPED(Rule.TIMER) {
        @Override
        Bug plant() {
            return new Once(Duration.ofSeconds(5)) {
                @Override
                void strike(SimulatedWorld world) {
                    var timers = world.store(EngineTopology.TIMERS);
                    world.keys(EngineTopology.TIMERS).stream()
                            .filter(key -> isWake(timers.get(key)))
                            .limit(3)
                            .forEach(timers::delete);
                }
            };
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
                private final Set<Bytes> struck = new HashSet<>();

                @Override
                public void between(SimulatedWorld world) {
                    world.executions().forEach((key, packed) -> {
                        if (struck.size() < 3 && asksForAnotherTask(packed) && struck.add(key)) {
                            var row = packed.execution();
                            put(world, key, packed, with(row, row.nextTicket() - 1, row.paused()));
                        }
                    });
                }
            };
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
                    world.tell(
                            AtTheLimit.ID,
                            new EndTurn(
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
    /** An execution that no longer knows that it is paused. */
    A_PAUSE_FORGOTTEN(Rule.PAUSE) {
        @Override
        Bug plant() {
            return new Bug() {
                @Override
                public void between(SimulatedWorld world) {
                    world.executions().forEach((key, packed) -> {
                        var row = packed.execution();
                        if (row.paused().isPresent()) {
                            put(world, key, packed, with(row, row.nextTicket(), Optional.empty()));
                        }
                    });
                }
            };
        }
    },
    /** A partition that takes its state machine for resumed, which it has not been told. */
    A_STATE_MACHINE_RESUMED_EARLY(Rule.PAUSE) {
        @Override
        Bug plant() {
            return new WhileHeld() {
                @Override
                void strike(SimulatedWorld world, Template template, List<Bytes> held) {
                    var id = Arns.executionId(template.arn());
                    var mark =
                            OtherRows.pauseMark(world.store(EngineTopology.ROWS).get(RowKeys.pauseMark(id)));
                    world.tell(id, new StateMachineResumed(template.arn(), mark.getSequence() + 1));
                }
            };
        }
    },
    /** A resume that does not find what its state machine's pause has held. */
    A_RESUME_LOST(Rule.END) {
        @Override
        Bug plant() {
            return new WhileHeld() {
                @Override
                void strike(SimulatedWorld world, Template template, List<Bytes> held) {
                    held.forEach(world.store(EngineTopology.ROWS)::delete);
                }
            };
        }
    };

    private final Rule broken;

    EngineBug(Rule broken) {
        this.broken = broken;
    }

    /** The promise that it breaks; it may break others with it. */
    Rule broken() {
        return broken;
    }

    /** The bug while the world runs. */
    abstract Bug plant();

    /** Whether the bug strikes at this one. */
    private static boolean isAmongTheFew(int number) {
        return number > 20 && number <= 25;
    }

    private static boolean isWake(byte[] timer) {
        return timer[0] == 0;
    }

    /** Whether its last ticket is a task's, and so is the next. */
    private static boolean asksForAnotherTask(PackedExecution packed) {
        return packed.execution().identity().stateMachineArn().equals(Template.THREE_TASKS.arn())
                && packed.rootWait()
                        .filter(wait -> wait instanceof WaitRow.Task
                                && wait.ticket() == packed.execution().nextTicket() - 1)
                        .isPresent();
    }

    private static ExecutionRow with(ExecutionRow row, long nextTicket, Optional<ExecutionRow.Paused> paused) {
        return new ExecutionRow(
                row.identity(),
                row.inputHash(),
                row.started(),
                nextTicket,
                row.nextEventId(),
                row.agenda(),
                row.continuing(),
                row.deadline(),
                row.closing(),
                row.ended(),
                row.parent(),
                row.redrives(),
                paused,
                row.awaitingResume(),
                row.turn());
    }

    private static void put(SimulatedWorld world, Bytes key, PackedExecution packed, ExecutionRow row) {
        var changed = new PackedExecution(
                row, packed.root(), packed.rootWait(), packed.chain(), packed.input(), packed.trace());
        world.store(EngineTopology.ROWS).put(key, RowCodec.encode(changed));
    }
}
