package io.stepstream.gateway.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.PauseExecution;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.PurgeScope;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.ResumeExecution;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StopExecution;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Starts, stops and describes executions. */
public final class Executions {

    /** What the engine allows an EXPRESS execution, and some more to hear of its end. */
    private static final Duration LONGEST_EXPRESS = Duration.ofSeconds(310);

    private final CommandGate gate;
    private final StateMachines stateMachines;
    private final QueryApi queries;
    private final Arns arns;

    public Executions(CommandGate gate, StateMachines stateMachines, QueryApi queries, Arns arns) {
        this.gate = gate;
        this.stateMachines = stateMachines;
        this.queries = queries;
        this.arns = arns;
    }

    /** An execution that has been started, now or by an earlier request of the same name and input. */
    public record Started(String executionArn, String executionId, Instant startDate) {}

    /**
     * Starts an execution.
     *
     * @param stateMachine name of a state machine, its ARN, or that of a version or an alias
     * @param name the execution's name; without one it is made from the request's id, so that a repeat starts nothing new
     * @param input JSON text
     */
    public Started start(Sender sender, String stateMachine, Optional<String> name, String input) throws ApiException {
        var executionName = name.isPresent() ? named(name.get()) : derivedName(sender, stateMachine);
        var target = stateMachines.target(stateMachine, executionName);
        return switch (WorkflowType.valueOf(target.stateMachine().getType())) {
            case STANDARD -> {
                var arn = arns.execution(target.stateMachine().getName(), executionName);
                yield start(sender, target, arn, executionName, input, Awaited.NO);
            }
            case EXPRESS ->
                start(sender, target, expressArn(sender, target, executionName), executionName, input, Awaited.NO);
        };
    }

    /**
     * Runs an execution of an EXPRESS state machine to its end.
     *
     * @return the execution as the read side shows it
     */
    public ObjectNode run(Sender sender, String stateMachine, Optional<String> name, String input) throws ApiException {
        var executionName = name.isPresent() ? named(name.get()) : derivedName(sender, stateMachine);
        var target = stateMachines.target(stateMachine, executionName);
        if (WorkflowType.valueOf(target.stateMachine().getType()) != WorkflowType.EXPRESS) {
            throw new ApiException(
                    ApiError.STATE_MACHINE_TYPE_NOT_SUPPORTED,
                    "This operation is not supported by this type of state machine");
        }
        var arn = expressArn(sender, target, executionName);
        var started = start(sender, target, arn, executionName, input, Awaited.YES);
        var deadline = System.nanoTime() + LONGEST_EXPRESS.toNanos();
        while (System.nanoTime() < deadline) {
            var seen = queries.executionOnceEnded(started.executionId());
            if (seen.isPresent() && seen.get().hasNonNull("stopDate")) {
                return seen.get();
            }
        }
        throw new ApiException(ApiError.OUTCOME_UNKNOWN, "Unknown: execution %s has not ended".formatted(arn));
    }

    private enum Awaited {
        YES,
        NO
    }

    private Started start(Sender sender, Target target, String arn, String name, String input, Awaited awaited)
            throws ApiException {
        Bodies.payload("input", input);
        var unused = Json.parse(input, ApiError.INVALID_EXECUTION_INPUT);
        var executionId = Arns.executionId(arn);
        var verdict = Refusals.accepted(gate.command(
                sender,
                executionId,
                StartExecution.newBuilder()
                        .setExecutionArn(arn)
                        .setName(name)
                        .setStateMachineArn(target.stateMachine().getStateMachineArn())
                        .setRevision(target.revision().getRevision())
                        .setInput(Payloads.of(input))
                        .setVersionArn(target.versionArn().orElse(null))
                        .setAliasArn(target.aliasArn().orElse(null))
                        .setAwaited(awaited == Awaited.YES)
                        .build()));
        return new Started(arn, executionId, verdict.getAt());
    }

    /** Names of EXPRESS executions are not unique; the same request is the same execution all the same. */
    private String expressArn(Sender sender, Target target, String name) {
        var machine = target.stateMachine();
        var id = derivedName(sender, machine.getStateMachineArn() + " " + name);
        return arns.expressExecution(machine.getName(), name, id);
    }

    /** Stops an execution; answers when. */
    public Instant stop(Sender sender, String executionArn, Optional<String> error, Optional<String> cause)
            throws ApiException {
        Tasks.limit("error", error, 256);
        Tasks.limit("cause", cause, 32_768);
        var command = new StopExecution(executionArn, error.orElse(null), cause.orElse(null));
        return Refusals.accepted(gate.command(sender, Arns.executionId(executionArn), command))
                .getAt();
    }

    /**
     * Destroys the data of a closed execution; answers when that was done, which may be long ago.
     *
     * @param scope what is destroyed: everything that is sealed, or what the engine keeps beside the history
     */
    public Instant purge(Sender sender, String executionArn, PurgeScope scope, String reason) throws ApiException {
        Tasks.limit("reason", Optional.of(reason), 1024);
        var command = new PurgeExecution(executionArn, scope, reason);
        return Refusals.accepted(gate.command(sender, Arns.executionId(executionArn), command))
                .getAt();
    }

    /**
     * An execution as the read side shows it.
     *
     * @param execution its id, or its ARN
     */
    public ObjectNode describe(String execution) throws ApiException {
        return queries.execution(id(execution)).orElseThrow(() -> Refusals.executionDoesNotExist(execution));
    }

    /** A page of the history of an execution, named by its id or ARN; otherwise as {@link QueryApi#history}. */
    public ObjectNode history(String execution, long after, int limit, boolean reverse) throws ApiException {
        return queries.history(id(execution), after, limit, reverse)
                .orElseThrow(() -> Refusals.executionDoesNotExist(execution));
    }

    /** A page of executions. */
    public ObjectNode list(QueryApi.ListQuery query, Optional<String> after, int limit) throws ApiException {
        return queries.executions(query, after, limit);
    }

    /** Lets an execution that failed, timed out or was stopped go on; answers since when. */
    public Instant redrive(Sender sender, String executionArn) throws ApiException {
        return Refusals.accepted(
                        gate.command(sender, Arns.executionId(executionArn), new RedriveExecution(executionArn)))
                .getAt();
    }

    /** Has an execution begin nothing more until it is resumed; answers since when. */
    public Instant pause(Sender sender, String executionArn) throws ApiException {
        return Refusals.accepted(gate.command(sender, Arns.executionId(executionArn), new PauseExecution(executionArn)))
                .getAt();
    }

    /** Lets a paused execution go on; answers since when. */
    public Instant resume(Sender sender, String executionArn) throws ApiException {
        return Refusals.accepted(
                        gate.command(sender, Arns.executionId(executionArn), new ResumeExecution(executionArn)))
                .getAt();
    }

    /** The text, if it is a STANDARD execution's ARN. */
    public static String arn(String text) throws ApiException {
        return ResourceArns.of(StatesArn.Execution.class, text).text();
    }

    private static String id(String execution) throws ApiException {
        return execution.matches("[0-9a-f]{32}") ? execution : Arns.executionId(arn(execution));
    }

    private static String named(String name) throws ApiException {
        if (!Arns.isName(name)) {
            throw Refusals.invalidName(name);
        }
        return name;
    }

    private static String derivedName(Sender sender, String of) {
        return sender.requestId()
                .map(id -> UUID.nameUUIDFromBytes((of + " " + id).getBytes(StandardCharsets.UTF_8)))
                .orElseGet(UUID::randomUUID)
                .toString();
    }
}
