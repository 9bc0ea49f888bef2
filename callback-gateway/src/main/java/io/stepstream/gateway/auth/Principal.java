package io.stepstream.gateway.auth;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who calls.
 *
 * @param name goes into history with every change; empty where nobody is asked for a name
 * @param roles what he may do
 * @param tasks names of the tasks that he may take and answer as a worker; empty for all
 */
public record Principal(String name, Set<Role> roles, Set<String> tasks) {

    /** Anybody, where authentication is off. */
    public static final Principal ANYBODY = new Principal("", EnumSet.allOf(Role.class), Set.of());

    public Principal {
        roles = Set.copyOf(roles);
        tasks = Set.copyOf(tasks);
    }

    /** Whether one of his roles is among these. */
    public boolean isOneOf(Set<Role> allowed) {
        return roles.stream().anyMatch(allowed::contains);
    }

    /** Whether he may work on tasks of this name. */
    public boolean mayDo(String taskName) {
        return tasks.isEmpty() || tasks.contains(taskName);
    }
}
