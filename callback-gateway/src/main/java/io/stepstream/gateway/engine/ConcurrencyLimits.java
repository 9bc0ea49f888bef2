package io.stepstream.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How many executions of a state machine, or tasks of a name, may run at once. */
public final class ConcurrencyLimits {

    private final CommandGate gate;
    private final Definitions definitions;
    private final QueryApi queries;

    public ConcurrencyLimits(CommandGate gate, Definitions definitions, QueryApi queries) {
        this.gate = gate;
        this.definitions = definitions;
        this.queries = queries;
    }

    /** What a limit is of. */
    public sealed interface Of {

        /** The limit's key. */
        String key();

        record StateMachine(String arn) implements Of {
            @Override
            public String key() {
                return arn;
            }
        }

        record Task(String name) implements Of {
            @Override
            public String key() {
                return LimitKeys.task(name);
            }
        }
    }

    /** Sets a limit, or removes it if there is to be none; answers since when. */
    public Instant set(Sender sender, Of what, Optional<Integer> max) throws ApiException {
        var verdict = Refusals.accepted(
                switch (what) {
                    case Of.StateMachine(var arn) ->
                        gate.command(sender, arn, new LimitStateMachine(arn, max.orElse(null)));
                    case Of.Task(var name) -> gate.command(sender, what.key(), new LimitTask(name, max.orElse(null)));
                });
        if (what instanceof Of.StateMachine(var arn)) {
            definitions.awaitSequence(arn, verdict.getSequence());
        }
        return verdict.getAt();
    }

    /** Limits by key, each with {@code key}, {@code max}, {@code running} and {@code queued}; those behind a key. */
    public List<JsonNode> list(String after, int limit) throws ApiException {
        return queries.limits(Optional.empty(), after, limit);
    }

    /** The one limit, if there is one. */
    public List<JsonNode> find(Of what) throws ApiException {
        return queries.limits(Optional.of(what.key()), "", 1);
    }
}
