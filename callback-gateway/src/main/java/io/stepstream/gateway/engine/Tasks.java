package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.limits.RateLimiter;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.avro.Decided;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.TaskTaken;
import java.util.Optional;

/** Answers to tasks. A token that we did not sign is refused here, and nothing of it reaches a topic. */
public final class Tasks {

    private static final int ERROR_CHARACTERS = 256;
    private static final int CAUSE_CHARACTERS = 32_768;

    private final CommandGate gate;
    private final TokenKeys keys;
    private final RateLimiter rate;

    /** @param rate of answers to one task */
    public Tasks(CommandGate gate, TokenKeys keys, RateLimiter rate) {
        this.gate = gate;
        this.keys = keys;
        this.rate = rate;
    }

    /** The task of this token succeeded with an output, a JSON text. */
    public void succeed(Sender sender, String token, String output) throws ApiException {
        var task = verified(token);
        Bodies.payload("output", output);
        Json.parse(output, ApiError.INVALID_OUTPUT);
        send(sender, task, token, new TaskSucceeded(Payloads.of(output)));
    }

    /** The task of this token failed. */
    public void fail(Sender sender, String token, Optional<String> error, Optional<String> cause) throws ApiException {
        var task = verified(token);
        limit("error", error, ERROR_CHARACTERS);
        limit("cause", cause, CAUSE_CHARACTERS);
        send(sender, task, token, new TaskFailed(error.orElse(null), cause.orElse(null)));
    }

    /** A worker has taken the activity's task; refused if the task has ended meanwhile. */
    public void taken(Sender sender, String token, Optional<String> workerName) throws ApiException {
        send(sender, verified(token), token, new TaskTaken(workerName.orElse(null)));
    }

    /** The task of this token is still being worked on. */
    public void heartbeat(Sender sender, String token) throws ApiException {
        send(sender, verified(token), token, new TaskHeartbeat());
    }

    /**
     * A person decided.
     *
     * @param task the one that the token or link names, which the caller has verified
     * @param credential text of the token or link
     */
    public void decide(Sender sender, TaskToken task, String credential, Decided decided) throws ApiException {
        send(sender, task, credential, decided);
    }

    private void send(Sender sender, TaskToken task, String credential, Object body) throws ApiException {
        rate.take(task.executionId() + task.ticket());
        var unused = Refusals.accepted(gate.taskResult(sender, task.executionId(), credential, body));
    }

    private TaskToken verified(String token) throws ApiException {
        try {
            return keys.verify(token);
        } catch (InvalidToken e) {
            throw Refusals.invalidToken();
        }
    }

    static void limit(String field, Optional<String> value, int most) throws ApiException {
        var length = value.map(String::length).orElse(0);
        if (length > most) {
            throw new ApiException(
                    ApiError.VALIDATION,
                    "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d; it has %d"
                            .formatted(field, most, length));
        }
    }
}
