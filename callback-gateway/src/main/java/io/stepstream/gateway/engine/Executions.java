package io.stepstream.gateway.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.PurgeScope;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StopExecution;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Starts, stops and describes executions. */
public final class Executions {

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
     * @param stateMachine ARN or name
     * @param name the execution's name; without one it is made from the request's id, so that a repeat starts nothing new
     * @param input JSON text
     */
    public Started start(Sender sender, String stateMachine, Optional<String> name, String input) throws ApiException {
        Bodies.payload("input", input);
        var unused = Json.parse(input, ApiError.INVALID_EXECUTION_INPUT);
        var revision = stateMachines.describe(stateMachine);
        var executionName = name.isPresent() ? named(name.get()) : derivedName(sender, revision.getStateMachineArn());
        var arn = arns.execution(revision.getName(), executionName);
        var executionId = Arns.executionId(arn);
        var verdict = Refusals.accepted(gate.command(
                sender,
                executionId,
                StartExecution.newBuilder()
                        .setExecutionArn(arn)
                        .setName(executionName)
                        .setStateMachineArn(revision.getStateMachineArn())
                        .setRevision(revision.getRevision())
                        .setInput(Payloads.of(input))
                        .build()));
        return new Started(arn, executionId, verdict.getAt());
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

    /** The text, if it is an execution's ARN. */
    public static String arn(String text) throws ApiException {
        if (!(StatesArn.parse(text).orElse(null) instanceof StatesArn.Execution)) {
            throw Refusals.invalidArn(text);
        }
        return text;
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

    private static String derivedName(Sender sender, String stateMachineArn) {
        return sender.requestId()
                .map(id -> UUID.nameUUIDFromBytes((stateMachineArn + " " + id).getBytes(StandardCharsets.UTF_8)))
                .orElseGet(UUID::randomUUID)
                .toString();
    }
}
