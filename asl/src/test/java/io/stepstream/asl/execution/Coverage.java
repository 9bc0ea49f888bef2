package io.stepstream.asl.execution;

import io.stepstream.asl.definition.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which command met which type of state in which phase: every cell of the table must be reached. Counts what several threads tell. */
final class Coverage {

    private static final List<String> STATES =
            List.of("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map");

    /**
     * The phases that a state of each type can be stored in. The others cannot be: a type has no children, no task or no retries; a Choice
     * state ends no frame, a Fail state only one whose failure is tolerated. Items that wait count as their Map's, though their frame names
     * the state that they will enter.
     */
    private static final Map<String, List<String>> PHASES = Map.of(
            "Pass", List.of("Ready", "Ended", "Halted"),
            "Task", List.of("Ready", "AwaitingTask", "BackingOff", "Ended", "Halted"),
            "Choice", List.of("Ready", "Halted"),
            "Wait", List.of("Ready", "Sleeping", "Ended", "Halted"),
            "Succeed", List.of("Ready", "Ended", "Halted"),
            "Fail", List.of("Ready", "Ended", "Halted"),
            "Parallel",
                    List.of("Ready", "BackingOff", "Joining", "Failing", "Aborting", "Ended", "Halted", "Suspended"),
            "Map",
                    List.of(
                            "Ready",
                            "BackingOff",
                            "Joining",
                            "Mapping",
                            "Pending",
                            "Failing",
                            "Aborting",
                            "Ended",
                            "Halted",
                            "Suspended"));

    /**
     * A retrying frame, which a retry or a redrive makes, runs in the step that made it so, unless that step was full already:
     * possible in whatever state an execution can fail, and too rare to be demanded.
     */
    private static final String RARE_PHASE = "Retrying";

    private static final List<Class<?>> COMMANDS = List.of(Command.class.getPermittedSubclasses());

    private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();

    void count(State state, Command command, Phase phase) {
        var cell = cell(
                phase instanceof Phase.Pending ? "Map" : state.getClass().getSimpleName(),
                command.getClass().getSimpleName(),
                phase.getClass().getSimpleName());
        counts.merge(cell, 1, Integer::sum);
    }

    private static String cell(String state, String command, String phase) {
        return state + " " + phase + " " + command;
    }

    /** The cells never reached, and those reached that were thought impossible. */
    List<String> surprises() {
        var possible = new TreeSet<String>();
        for (var state : STATES) {
            for (var phase : PHASES.getOrDefault(state, List.of())) {
                COMMANDS.forEach(command -> possible.add(cell(state, command.getSimpleName(), phase)));
            }
        }
        var surprises = new ArrayList<String>();
        possible.stream().filter(cell -> !counts.containsKey(cell)).forEach(cell -> surprises.add("never: " + cell));
        counts.keySet().stream()
                .filter(cell -> !possible.contains(cell))
                .filter(cell -> !cell.contains(" " + RARE_PHASE + " "))
                .forEach(cell -> surprises.add("impossible: " + cell));
        return surprises;
    }

    /** One line for each state and phase, with how often each command met it. */
    String table() {
        var table = new StringBuilder(String.format("%-22s", "state, phase"));
        COMMANDS.forEach(command -> table.append(String.format("%13s", command.getSimpleName())));
        for (var state : STATES) {
            for (var phase : PHASES.getOrDefault(state, List.of())) {
                table.append(String.format("%n%-22s", state + " " + phase));
                COMMANDS.forEach(command -> table.append(
                        String.format("%13d", counts.getOrDefault(cell(state, command.getSimpleName(), phase), 0))));
            }
        }
        return table.toString();
    }
}
