package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.ChangeTags;
import io.stepstream.schemas.avro.StateMachineResource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tags of state machines and activities. */
public final class Tags {
    private final CommandGate gate;
    private final Definitions definitions;

    public Tags(CommandGate gate, Definitions definitions) {
        this.gate = gate;
        this.definitions = definitions;
    }

    /** A resource's tags, in the order of their keys. */
    public SortedMap<String, String> of(String resourceArn) throws ApiException {
        definitions.catchUp();
        return new TreeMap<>(present(resourceArn));
    }

    public void change(Sender sender, String resourceArn, Map<String, String> put, List<String> remove)
            throws ApiException {
        var unused = present(resourceArn);
        var verdict =
                Refusals.accepted(gate.command(sender, resourceArn, new ChangeTags(resourceArn, put, remove)));
        definitions.awaitSequence(resourceArn, verdict.getSequence());
    }

    private Map<String, String> present(String resourceArn) throws ApiException {
        var tags = switch (ResourceArns.any(resourceArn)) {
            case StatesArn.StateMachine machine ->
                definitions.stateMachine(resourceArn).map(StateMachineResource::getTags);
            case StatesArn.Activity activity ->
                definitions.activity(resourceArn).map(ActivityResource::getTags);
            case StatesArn.Version other -> throw Refusals.wrongType(other);
            case StatesArn.Alias other -> throw Refusals.wrongType(other);
            case StatesArn.Execution other -> throw Refusals.wrongType(other);
            case StatesArn.ExpressExecution other -> throw Refusals.wrongType(other);
            case StatesArn.MapRun other -> throw Refusals.wrongType(other);
        };
        return tags.orElseThrow(() -> Refusals.resourceNotFound(resourceArn));
    }
}
