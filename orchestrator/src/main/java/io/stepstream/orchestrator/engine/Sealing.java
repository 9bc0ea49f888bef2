package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.avro.StateMachineRevision;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which executions are sealed, and what their keys are wrapped under; see ADR 0012.
 *
 * @param masterKeys none: nothing can be sealed, and executions that are to be are refused
 * @param machines names of state machines that are sealed besides those that say so themselves; {@code *} stands for any text
 */
public record Sealing(MasterKeys masterKeys, List<String> machines) {

    /** No keys, and no state machine that would need one. */
    public static final Sealing OFF = new Sealing(MasterKeys.none(), List.of());

    public Sealing {
        machines = List.copyOf(machines);
    }

    /** Whether executions of this state machine are sealed that are started now. */
    boolean covers(StateMachineRevision machine) {
        return machine.getSealed() || machines.stream().anyMatch(pattern -> matches(pattern, machine.getName()));
    }

    private static boolean matches(String pattern, String name) {
        var regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return name.matches(regex);
    }
}
