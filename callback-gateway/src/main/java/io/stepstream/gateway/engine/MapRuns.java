package io.stepstream.gateway.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.UpdateMapRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Map runs: what they are, and their bounds while they go on. */
public final class MapRuns {
    private final CommandGate gate;
    private final Executions executions;
    private final QueryApi queries;

    public MapRuns(CommandGate gate, Executions executions, QueryApi queries) {
        this.gate = gate;
        this.executions = executions;
        this.queries = queries;
    }

    /** The bounds that are to be changed. */
    public record Bounds(
            Optional<Integer> maxConcurrency,
            Optional<Long> toleratedFailureCount,
            Optional<Double> toleratedFailurePercentage) {}

    /** A Map run as the read side shows it. */
    public ObjectNode describe(StatesArn.MapRun mapRun) throws ApiException {
        return queries.mapRun(Arns.executionId(mapRun.text()))
                .orElseThrow(() -> Refusals.resourceNotFound(mapRun.text()));
    }

    /** The Map runs of an execution, the first one first. */
    public List<ObjectNode> of(String executionArn) throws ApiException {
        var unused = executions.describe(executionArn);
        var runs = new ArrayList<ObjectNode>();
        queries.mapRuns(Arns.executionId(executionArn))
                .ifPresent(found -> found.path("mapRuns").forEach(run -> runs.add((ObjectNode) run)));
        return runs;
    }

    /** Changes the bounds of a Map run that goes on. */
    public void update(Sender sender, StatesArn.MapRun mapRun, Bounds bounds) throws ApiException {
        var run = describe(mapRun);
        var executionArn = run.path("executionArn").asText();
        var unused = Refusals.accepted(gate.command(
                sender,
                Arns.executionId(executionArn),
                new UpdateMapRun(
                        executionArn,
                        mapRun.text(),
                        run.path("ticket").longValue(),
                        bounds.maxConcurrency().orElse(null),
                        bounds.toleratedFailureCount().orElse(null),
                        bounds.toleratedFailurePercentage().orElse(null))));
    }
}
