package io.stepstream.gateway.aws;

import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.MapRuns;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.engine.Tags;
import io.stepstream.gateway.engine.TaskNames;
import io.stepstream.gateway.engine.TaskPolls;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.engine.Versions;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.PageToken;
import io.stepstream.schemas.TokenKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Every operation of the AWS API, by its name. */
public final class AwsOperations {

    static final int ARN = 256;
    static final int NAME = 80;

    private final Map<String, Operation> byName = new HashMap<>();

    /** What the operations are carried out by. */
    public record Services(
            StateMachines stateMachines,
            Versions versions,
            Tags tags,
            Executions executions,
            MapRuns mapRuns,
            Tasks tasks,
            TaskNames taskNames,
            TaskPolls polls,
            QueryApi queries) {}

    public AwsOperations(Services services, TokenKeys keys) {
        var tokens = new PageToken(keys);
        var pages = new Pages(tokens);
        byName.putAll(new StateMachineOperations(services.stateMachines(), services.executions(), pages).byName());
        byName.putAll(new VersionOperations(services.stateMachines(), services.versions(), pages).byName());
        byName.putAll(new TagOperations(services.tags()).byName());
        byName.putAll(new ExecutionOperations(services.executions(), services.stateMachines(), tokens).byName());
        byName.putAll(new MapRunOperations(services.mapRuns(), pages).byName());
        byName.putAll(new TestStateOperation(services.queries()).byName());
        byName.putAll(new ActivityOperations(services.taskNames(), services.polls(), services.tasks(), pages).byName());
    }

    /** The operation of this name. */
    Operation named(String name) throws ApiException {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new ApiException(
                        ApiError.UNKNOWN_OPERATION, "Operation '%s' is not one of this API".formatted(name)));
    }
}
