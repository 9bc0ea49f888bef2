package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.CancelChildExecution;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.EndTurnsOfExecution;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitAnnounced;
import io.stepstream.schemas.avro.PauseExecution;
import io.stepstream.schemas.avro.RedriveChildExecution;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.ResumeExecution;
import io.stepstream.schemas.avro.StartChildExecution;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StateMachinePaused;
import io.stepstream.schemas.avro.StateMachineResumed;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.TaskTaken;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was asked of the engine: the records of its three input topics. */
final class Asked {
    /** What kind of call somebody waits for the verdict of. */
    enum Kind {
        START,
        STOP,
        REDRIVE,
        PAUSE,
        RESUME,
        COMPLETE,
        FAIL,
        TAKE,
        HEARTBEAT,
        RESOURCE
    }

    /** A call that somebody waits for the verdict of. */
    record Call(Place place, Kind kind, String executionId, Optional<String> requestId) {}

    /** A wait of an execution. */
    record Wait(String executionId, long ticket) {}

    /** An answer that ends a task, if it is the one that counts. */
    record Answer(Place place, Kind kind, Instant appended, String binding) {}

    private final RecordCodec codec;
    private final TokenKeys tokens;
    private final int partitions;
    private final Map<String, Deque<Place>> commands = new HashMap<>();
    private final Map<String, Place> calledFor = new LinkedHashMap<>();
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final Map<Wait, List<Answer>> answers = new HashMap<>();

    private Asked(RecordCodec codec, TokenKeys tokens, int partitions) {
        this.codec = codec;
        this.tokens = tokens;
        this.partitions = partitions;
    }

    static Asked read(Recording recording, RecordCodec codec, TokenKeys tokens) {
        var asked = new Asked(codec, tokens, recording.partitions());
        recording.read(
                Topics.COMMANDS,
                record -> asked.command(record, new Place(Topics.COMMANDS, record.partition(), record.offset())));
        recording.read(
                Topics.TASK_RESULTS,
                record -> asked.result(record, new Place(Topics.TASK_RESULTS, record.partition(), record.offset())));
        recording.read(
                Topics.INTERNAL,
                record -> asked.internal(record, new Place(Topics.INTERNAL, record.partition(), record.offset())));
        return asked;
    }

    /** The record of a command, which no other step can then be for; empty if there is none, or none left. */
    Optional<Place> take(String identity) {
        return Optional.ofNullable(commands.get(identity)).map(Deque::pollFirst);
    }

    /** Calls by their correlation. */
    Map<String, Call> calls() {
        return calls;
    }

    /** Executions that were to be started from outside. */
    Map<String, Place> calledFor() {
        return calledFor;
    }

    /** What could end a wait, in the order in which it was appended. */
    List<Answer> answers(Wait wait) {
        return answers.getOrDefault(wait, List.of());
    }

    private void command(LogRecord record, Place place) {
        var command = decode(codec, record, Command.class);
        var caller = command.getCaller();
        switch (command.getBody()) {
            case StartExecution start -> {
                var id = Arns.executionId(start.getExecutionArn());
                offer(Identity.start(id, caller.getRequestId()), place);
                calledFor.put(id, place);
                call(caller, place, Kind.START, id);
            }
            case StopExecution stop -> {
                var id = Arns.executionId(stop.getExecutionArn());
                offer(Identity.stop(id, caller.getRequestId()), place);
                call(caller, place, Kind.STOP, id);
            }
            case RedriveExecution redrive -> {
                var id = Arns.executionId(redrive.getExecutionArn());
                offer(Identity.redrive(id, caller.getRequestId()), place);
                call(caller, place, Kind.REDRIVE, id);
            }
            case PauseExecution pause -> {
                var id = Arns.executionId(pause.getExecutionArn());
                offer(Identity.pause(id, caller.getRequestId()), place);
                call(caller, place, Kind.PAUSE, id);
            }
            case ResumeExecution resume -> {
                var id = Arns.executionId(resume.getExecutionArn());
                offer(Identity.resume(id, caller.getRequestId()), place);
                call(caller, place, Kind.RESUME, id);
            }
            default -> call(caller, place, Kind.RESOURCE, "");
        }
    }

    private void result(LogRecord record, Place place) {
        var result = decode(codec, record, TaskResult.class);
        TaskToken token;
        try {
            token = tokens.verify(result.getToken());
        } catch (InvalidToken e) {
            // A barrier, or somebody's nonsense: it must change nothing.
            return;
        }
        var id = token.executionId();
        var appended = Instant.ofEpochMilli(record.timestamp());
        var kind = kind(result.getBody());
        call(result.getCaller(), place, kind, id);
        if (!record.keyText().equals(id) || Topics.partitionOf(id, partitions) != record.partition()) {
            return;
        }
        offer(Identity.answer(id, word(kind), token.ticket(), token.binding(), appended), place);
        if (kind == Kind.COMPLETE || kind == Kind.FAIL) {
            answers.computeIfAbsent(new Wait(id, token.ticket()), _ -> new ArrayList<>())
                    .add(new Answer(place, kind, appended, token.binding()));
        }
    }

    private static Kind kind(Object body) {
        return switch (body) {
            case TaskSucceeded _ -> Kind.COMPLETE;
            case TaskFailed _ -> Kind.FAIL;
            case TaskTaken _ -> Kind.TAKE;
            case TaskHeartbeat _ -> Kind.HEARTBEAT;
            default -> throw new IllegalStateException("nobody here sends such results: " + body.getClass());
        };
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case COMPLETE -> "complete";
            case FAIL -> "fail";
            case TAKE -> "take";
            case HEARTBEAT -> "heartbeat";
            case START, STOP, REDRIVE, PAUSE, RESUME, RESOURCE -> throw new IllegalStateException("no answer: " + kind);
        };
    }

    private void internal(LogRecord record, Place place) {
        identity(record.keyText(), decode(codec, record, Internal.class)).ifPresent(identity -> offer(identity, place));
    }

    /** What an internal record is, whoever looks at it; empty if it is of no execution. */
    static Optional<String> identity(String id, Internal internal) {
        return switch (internal.getBody()) {
            case ContinueExecution goOn -> Optional.of(Identity.goOn(id, goOn));
            case StartChildExecution start -> Optional.of(Identity.startChild(id, start));
            case CancelChildExecution cancel -> Optional.of(Identity.cancel(id, cancel));
            case RedriveChildExecution redrive -> Optional.of(Identity.redrive(id, redrive));
            case ChildReported report -> Optional.of(Identity.report(id, report));
            case AskForTurn ask -> Optional.of(Identity.ask(ask.getExecutionId(), ask.getLimit(), ask.getTicket()));
            case EndTurn end -> Optional.of(Identity.endTurn(end.getExecutionId(), end.getLimit(), end.getTicket()));
            case LimitAnnounced _, EndTurnsOfExecution _, StateMachinePaused _, StateMachineResumed _ ->
                Optional.empty();
            default -> throw new IllegalStateException("an internal record of an unknown kind: " + internal);
        };
    }

    private void offer(String identity, Place place) {
        commands.computeIfAbsent(identity, _ -> new ArrayDeque<>()).add(place);
    }

    private void call(Caller caller, Place place, Kind kind, String id) {
        var replyTo = caller.getReplyTo();
        if (replyTo != null) {
            calls.put(
                    replyTo.getInstance() + ' ' + replyTo.getCorrelation(),
                    new Call(place, kind, id, Optional.ofNullable(caller.getRequestId())));
        }
    }

    static <T extends org.apache.avro.specific.SpecificRecord> T decode(
            RecordCodec codec, LogRecord record, Class<T> type) {
        try {
            return codec.decode(
                    record.value()
                            .orElseThrow(() -> new Undecodable("it has no value", null))
                            .get(),
                    type);
        } catch (Undecodable e) {
            throw new IllegalStateException(
                    type.getSimpleName() + " at offset " + record.offset() + " of partition " + record.partition()
                            + " cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
