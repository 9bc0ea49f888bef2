package io.stepstream.orchestrator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.execution.Command;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Authority;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Barrier;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Decided;
import io.stepstream.schemas.avro.LinkUse;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.TaskTaken;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * The topic of task results. Whoever may write to it can write anything, so nothing in it is believed: tokens are verified, and
 * key and partition must be those that the token names.
 */
final class ResultInput {
    /** What a task fails with whose result cannot be read. */
    static final String MALFORMED = "Stepstream.MalformedResult";

    private static final int FRAME_BYTES = 5;

    private final EngineSettings settings;
    private final Executions executions;
    private final Timers timers;
    private final Outbox outbox;
    private final DeadLetters deadLetters;
    private final Supplier<Instant> wallClock;

    ResultInput(
            EngineSettings settings,
            Executions executions,
            Timers timers,
            Outbox outbox,
            DeadLetters deadLetters,
            Supplier<Instant> wallClock) {
        this.settings = settings;
        this.executions = executions;
        this.timers = timers;
        this.outbox = outbox;
        this.deadLetters = deadLetters;
        this.wallClock = wallClock;
    }

    void accept(Delivery delivery) throws NotYet {
        TaskResult result;
        try {
            result = settings.codec().decode(delivery.value().get(), TaskResult.class);
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of a task result: " + e.getMessage(), e);
        } catch (Undecodable e) {
            malformed(delivery, e);
            return;
        }
        if (result.getBody() instanceof Barrier barrier) {
            accept(delivery, barrier);
            return;
        }
        Authority authority;
        try {
            authority = settings.tokens().verifyAny(result.getToken());
        } catch (InvalidToken e) {
            refuse(delivery, result.getCaller(), "INVALID_TOKEN", String.valueOf(e.getMessage()));
            return;
        }
        var callerTooLong = ClientTexts.tooLong(result.getCaller());
        if (callerTooLong.isPresent()) {
            // Nobody can be told by a name that is too long itself.
            deadLetters.give(delivery, "VALIDATION", callerTooLong.get(), wallClock.get());
        } else if (isInPlace(delivery, result, authority.token())) {
            apply(delivery, result, authority);
        }
    }

    private void accept(Delivery delivery, Barrier barrier) {
        var secret = new byte[barrier.getSecret().remaining()];
        barrier.getSecret().duplicate().get(secret);
        if (barrier.getPartition() == delivery.partition()
                && settings.tokens().isBarrier(barrier.getPartition(), barrier.getId(), secret)) {
            timers.barrierRead(barrier.getId(), delivery.appended(), wallClock.get());
        } else {
            deadLetters.give(
                    delivery,
                    "ForgedBarrier",
                    "the engine has made no such barrier for this partition",
                    wallClock.get());
        }
    }

    /** Whether key and partition are the token's; a result that has merely missed its partition is moved there, once. */
    private boolean isInPlace(Delivery delivery, TaskResult result, TaskToken token) {
        if (!delivery.keyText().equals(token.executionId())) {
            refuse(
                    delivery,
                    result.getCaller(),
                    "INVALID_TOKEN",
                    "the record's key is not the execution that the token names");
            return false;
        }
        var right = Topics.partitionOf(token.executionId(), settings.partitions());
        if (right == delivery.partition()) {
            return true;
        }
        if (result.getForwarded()) {
            deadLetters.give(
                    delivery,
                    "MisroutedResult",
                    "moved once already, and still not in partition " + right + ", where it belongs",
                    wallClock.get());
        } else {
            outbox.forward(token.executionId(), right, result, wallClock.get());
        }
        return false;
    }

    private void apply(Delivery delivery, TaskResult result, Authority authority) throws NotYet {
        var token = authority.token();
        var origin = Origin.of(delivery, result.getCaller());
        if (authority instanceof ApprovalLink && !(result.getBody() instanceof Decided)) {
            refuse(delivery, result.getCaller(), "INVALID_TOKEN", "an approval link decides, and does nothing else");
            return;
        }
        var tooLong = ClientTexts.tooLong((SpecificRecord) result.getBody());
        if (tooLong.isPresent()) {
            // A person can decide again, in fewer words; a worker has had its turn.
            if (!(result.getBody() instanceof Decided)) {
                fail(token, tooLong.get(), delivery);
            }
            refuse(delivery, result.getCaller(), "VALIDATION", tooLong.get());
            return;
        }
        if (result.getBody() instanceof Decided decided) {
            decide(delivery, decided, authority, origin);
            return;
        }
        complete(delivery, result, token, origin);
    }

    private void complete(Delivery delivery, TaskResult result, TaskToken token, Origin origin) throws NotYet {
        Command command;
        try {
            command = command(result.getBody(), token, delivery.appended());
        } catch (MalformedJson e) {
            fail(token, "the output is not JSON: " + e.getMessage(), delivery);
            refuse(delivery, result.getCaller(), "INVALID_OUTPUT", "the output is not JSON: " + e.getMessage());
            return;
        }
        executions.handle(token.executionId(), command, origin);
    }

    private static Command command(Object body, TaskToken token, Instant appended) throws MalformedJson {
        var ticket = token.ticket();
        var binding = token.binding();
        return switch (body) {
            case TaskSucceeded succeeded -> {
                var output = Payloads.json(succeeded.getOutput());
                yield output.length() > ClientTexts.OUTPUT_CHARACTERS
                        ? new Command.FailTask(
                                ticket,
                                binding,
                                Optional.of(ErrorEquals.DATA_LIMIT_EXCEEDED),
                                Optional.of(
                                        "The task returned a result with a size exceeding the maximum number of bytes"
                                                + " service limit."),
                                appended)
                        : new Command.CompleteTask(ticket, binding, Document.parse(output), appended);
            }
            case TaskFailed failed ->
                new Command.FailTask(
                        ticket,
                        binding,
                        Optional.ofNullable(failed.getError()),
                        Optional.ofNullable(failed.getCause()),
                        appended);
            case TaskTaken taken ->
                new Command.StartTask(ticket, binding, Optional.ofNullable(taken.getWorkerName()), appended);
            case TaskHeartbeat _ -> new Command.Heartbeat(ticket, binding, appended);
            default -> throw new IllegalStateException("a task result of an unknown kind: " + body.getClass());
        };
    }

    /** A person's decision becomes the task's output; a link decides only as it was made to. */
    private void decide(Delivery delivery, Decided decided, Authority authority, Origin origin) throws NotYet {
        var by = origin.caller().getPrincipal().isEmpty()
                ? decided.getDecidedBy()
                : origin.caller().getPrincipal();
        var decider = origin;
        switch (authority) {
            case TaskToken _ -> {
                if (!decided.getDecision().equals("APPROVED")
                        && !decided.getDecision().equals("DENIED")) {
                    refuse(delivery, origin.caller(), "VALIDATION", "a decision is APPROVED or DENIED");
                    return;
                }
            }
            case ApprovalLink link -> {
                var caveats = link.caveats();
                if (!caveats.decision().name().equals(decided.getDecision())) {
                    var reason = "this link can only say " + caveats.decision();
                    refuse(delivery, origin.caller(), "INVALID_TOKEN", reason);
                    return;
                }
                if (caveats.expiredAt(delivery.appended())) {
                    refuse(delivery, origin.caller(), "LINK_EXPIRED", "this link has expired");
                    return;
                }
                by = caveats.approver().orElse(by);
                var use = new LinkUse(
                        caveats.decision().name(),
                        caveats.approver().orElse(""),
                        caveats.expires().orElse(null));
                decider = origin.by(use, by);
            }
        }
        ObjectNode fields;
        try {
            fields = Decisions.fields(decided);
        } catch (MalformedJson e) {
            refuse(delivery, origin.caller(), "VALIDATION", "the fields are no JSON object: " + e.getMessage());
            return;
        }
        var command = Decisions.command(decided, fields, by, authority.token(), delivery.appended());
        executions.handle(authority.token().executionId(), command, decider);
    }

    /** The token comes before what is malformed, more often than not: its task is not left to wait in silence. */
    private void malformed(Delivery delivery, Undecodable reason) throws NotYet {
        var token = leadingToken(delivery);
        if (token.isPresent()) {
            fail(token.get(), String.valueOf(reason.getMessage()), delivery);
        }
        deadLetters.give(delivery, "MalformedResult", String.valueOf(reason.getMessage()), wallClock.get());
    }

    private void fail(TaskToken token, String cause, Delivery delivery) throws NotYet {
        var command = new Command.FailTask(
                token.ticket(), token.binding(), Optional.of(MALFORMED), Optional.of(cause), delivery.appended());
        var sender = Caller.newBuilder().setChannel("kafka").build();
        executions.handle(token.executionId(), command, Origin.of(delivery, sender));
    }

    /** The token of a result that cannot be read to its end, if it verifies and the record is where it belongs. */
    private Optional<TaskToken> leadingToken(Delivery delivery) {
        var bytes = delivery.value().get();
        if (bytes.length <= FRAME_BYTES) {
            return Optional.empty();
        }
        try {
            var decoder = DecoderFactory.get().binaryDecoder(bytes, FRAME_BYTES, bytes.length - FRAME_BYTES, null);
            new SpecificDatumReader<>(Caller.class).read(null, decoder);
            var token = settings.tokens().verify(decoder.readString());
            var id = token.executionId();
            return Topics.partitionOf(id, settings.partitions()) == delivery.partition()
                            && id.equals(delivery.keyText())
                    ? Optional.of(token)
                    : Optional.empty();
        } catch (IOException | RuntimeException | InvalidToken e) {
            // Avro says of bad bytes with whatever its code runs into; there is just no token to be had.
            return Optional.empty();
        }
    }

    private void refuse(Delivery delivery, Caller caller, String refusal, String reason) {
        var now = wallClock.get();
        deadLetters.give(delivery, refusal, reason, now);
        outbox.refused(caller, delivery.keyText(), refusal, reason, now);
    }
}
