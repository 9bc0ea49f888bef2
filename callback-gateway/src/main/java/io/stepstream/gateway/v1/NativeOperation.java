package io.stepstream.gateway.v1;

import static io.stepstream.gateway.auth.Role.APPROVER;
import static io.stepstream.gateway.auth.Role.DEPLOYER;
import static io.stepstream.gateway.auth.Role.OPERATOR;
import static io.stepstream.gateway.auth.Role.VIEWER;
import static io.stepstream.gateway.auth.Role.WORKER;

import io.helidon.http.Method;
import io.stepstream.gateway.auth.Role;
import java.util.Set;

/** Every operation of the native API: its route below {@code /v1}, the status of its success, and who may call it. */
enum NativeOperation {
    DESCRIBE_API(Method.GET, "/openapi.json", 200, Set.of(Role.values())),
    CREATE_STATE_MACHINE(Method.POST, "/state-machines", 201, Set.of(DEPLOYER)),
    LIST_STATE_MACHINES(Method.GET, "/state-machines", 200, Set.of(VIEWER, OPERATOR, DEPLOYER)),
    DESCRIBE_STATE_MACHINE(Method.GET, "/state-machines/{stateMachine}", 200, Set.of(VIEWER, OPERATOR, DEPLOYER)),
    PAUSE_STATE_MACHINE(Method.POST, "/state-machines/{stateMachine}/pause", 200, Set.of(OPERATOR)),
    RESUME_STATE_MACHINE(Method.POST, "/state-machines/{stateMachine}/resume", 200, Set.of(OPERATOR)),
    LIST_LIMITS(Method.GET, "/limits", 200, Set.of(VIEWER, OPERATOR)),
    SET_LIMIT(Method.PUT, "/limits", 200, Set.of(OPERATOR)),
    REMOVE_LIMIT(Method.DELETE, "/limits", 200, Set.of(OPERATOR)),
    START_EXECUTION(Method.POST, "/executions", 201, Set.of(OPERATOR)),
    LIST_EXECUTIONS(Method.GET, "/executions", 200, Set.of(VIEWER, OPERATOR)),
    DESCRIBE_EXECUTION(Method.GET, "/executions/{execution}", 200, Set.of(VIEWER, OPERATOR)),
    STOP_EXECUTION(Method.POST, "/executions/{execution}/stop", 200, Set.of(OPERATOR)),
    PAUSE_EXECUTION(Method.POST, "/executions/{execution}/pause", 200, Set.of(OPERATOR)),
    RESUME_EXECUTION(Method.POST, "/executions/{execution}/resume", 200, Set.of(OPERATOR)),
    REDRIVE_EXECUTION(Method.POST, "/executions/{execution}/redrive", 200, Set.of(OPERATOR)),
    PURGE_EXECUTION(Method.POST, "/executions/{execution}/purge", 200, Set.of(OPERATOR)),
    LIST_HISTORY(Method.GET, "/executions/{execution}/history", 200, Set.of(VIEWER, OPERATOR)),
    FOLLOW_HISTORY(Method.GET, "/executions/{execution}/events", 200, Set.of(VIEWER, OPERATOR)),
    LIST_TASKS(Method.GET, "/executions/{execution}/tasks", 200, Set.of(VIEWER, OPERATOR, APPROVER)),
    LIST_APPROVALS(Method.GET, "/approvals", 200, Set.of(VIEWER, OPERATOR, APPROVER)),
    SUCCEED_TASK(Method.POST, "/tasks/{token}/success", 200, Set.of(WORKER)),
    FAIL_TASK(Method.POST, "/tasks/{token}/failure", 200, Set.of(WORKER)),
    HEARTBEAT_TASK(Method.POST, "/tasks/{token}/heartbeat", 200, Set.of(WORKER)),
    DECIDE_TASK(Method.POST, "/tasks/{token}/decision", 200, Set.of(APPROVER));

    private final Method method;
    private final String path;
    private final int status;
    private final Set<Role> roles;

    NativeOperation(Method method, String path, int status, Set<Role> roles) {
        this.method = method;
        this.path = path;
        this.status = status;
        this.roles = roles;
    }

    Method method() {
        return method;
    }

    /** Below {@code /v1}. */
    String path() {
        return path;
    }

    int status() {
        return status;
    }

    Set<Role> roles() {
        return roles;
    }
}
