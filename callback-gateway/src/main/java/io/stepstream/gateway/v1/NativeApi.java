package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.approval.Deciding;
import io.stepstream.gateway.auth.Doors;
import io.stepstream.gateway.auth.Role;
import io.stepstream.gateway.engine.ConcurrencyLimits;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.PageToken;
import io.stepstream.gateway.http.Problems;
import io.stepstream.gateway.limits.LongPolls;
import io.stepstream.gateway.trace.RequestSpans;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native API: resources in, JSON out, problem details when something is wrong. */
public final class NativeApi implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(NativeApi.class);

    private final Doors doors;
    private final StateMachineResources stateMachines;
    private final LimitResources limits;
    private final ExecutionResources executions;
    private final ExecutionSearch search;
    private final HistoryStream stream;
    private final TaskResources tasks;

    /** @param defaultRole role ARN of a state machine that is created without one */
    public NativeApi(
            Doors doors,
            StateMachines stateMachines,
            ConcurrencyLimits limits,
            Executions executions,
            QueryApi queries,
            Tasks tasks,
            Deciding deciding,
            LongPolls places,
            PageToken tokens,
            String defaultRole) {
        this.doors = doors;
        this.stateMachines = new StateMachineResources(stateMachines, defaultRole);
        this.limits = new LimitResources(limits, stateMachines);
        this.executions = new ExecutionResources(executions, queries);
        this.search = new ExecutionSearch(executions, stateMachines, tokens);
        this.stream = new HistoryStream(executions, queries, places);
        this.tasks = new TaskResources(doors, tasks, deciding);
    }

    /** Answers, or says what is wrong. */
    @FunctionalInterface
    private interface Resource {
        void answer(Call call, ServerResponse response) throws ApiException;
    }

    @FunctionalInterface
    private interface JsonResource {
        ObjectNode answer(Call call) throws ApiException;
    }

    @Override
    public void routing(HttpRules rules) {
        for (var operation : NativeOperation.values()) {
            var resource = resource(operation);
            rules.route(operation.method(), operation.path(), (request, response) -> {
                RequestSpans.name(operation.method().text() + " /v1" + operation.path());
                handle(request, response, operation.name().toLowerCase(Locale.ROOT), operation.roles(), resource);
            });
        }
        // Where there is nothing, too, nobody learns so who has not said who he is.
        rules.any((request, response) ->
                handle(request, response, "anything", Set.of(Role.values()), (call, answer) -> {
                    throw new ApiException(ApiError.NOT_FOUND, "The native API has no such resource or method");
                }));
    }

    private Resource resource(NativeOperation operation) {
        return switch (operation) {
            case DESCRIBE_API -> (call, response) -> OpenApi.send(response);
            case FOLLOW_HISTORY -> stream::send;
            case CREATE_STATE_MACHINE -> json(operation, stateMachines::create);
            case LIST_STATE_MACHINES -> json(operation, stateMachines::list);
            case DESCRIBE_STATE_MACHINE -> json(operation, stateMachines::describe);
            case PAUSE_STATE_MACHINE -> json(operation, stateMachines::pause);
            case RESUME_STATE_MACHINE -> json(operation, stateMachines::resume);
            case LIST_LIMITS -> json(operation, limits::list);
            case SET_LIMIT -> json(operation, limits::set);
            case REMOVE_LIMIT -> json(operation, limits::remove);
            case START_EXECUTION -> json(operation, executions::start);
            case LIST_EXECUTIONS -> json(operation, search::page);
            case DESCRIBE_EXECUTION -> json(operation, executions::describe);
            case STOP_EXECUTION -> json(operation, executions::stop);
            case PAUSE_EXECUTION -> json(operation, executions::pause);
            case RESUME_EXECUTION -> json(operation, executions::resume);
            case REDRIVE_EXECUTION -> json(operation, executions::redrive);
            case PURGE_EXECUTION -> json(operation, executions::purge);
            case LIST_HISTORY -> json(operation, executions::history);
            case LIST_TASKS -> json(operation, executions::tasks);
            case LIST_APPROVALS -> json(operation, executions::approvals);
            case SUCCEED_TASK -> json(operation, tasks::succeed);
            case FAIL_TASK -> json(operation, tasks::fail);
            case HEARTBEAT_TASK -> json(operation, tasks::heartbeat);
            case DECIDE_TASK -> json(operation, tasks::decide);
        };
    }

    private static Resource json(NativeOperation operation, JsonResource resource) {
        return (call, response) -> {
            var answer = resource.answer(call);
            response.status(operation.status());
            response.header("Content-Type", "application/json");
            response.header("Cache-Control", "no-store");
            response.send(Json.bytes(answer));
        };
    }

    private void handle(
            ServerRequest request, ServerResponse response, String operation, Set<Role> roles, Resource resource) {
        try {
            resource.answer(new Call(request, doors.admit(request, operation, roles)), response);
        } catch (ApiException e) {
            if (response.isSent()) {
                LOG.debug("A stream ends: {}", e.detail());
            } else {
                Problems.send(response, e);
            }
        } catch (UncheckedIOException e) {
            LOG.debug("A client has gone: {}", e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            LOG.error("A call of the native API broke", e);
            if (!response.isSent()) {
                Problems.send(
                        response, new ApiException(ApiError.INTERNAL, "Something broke inside; the log has more"));
            }
        }
    }
}
