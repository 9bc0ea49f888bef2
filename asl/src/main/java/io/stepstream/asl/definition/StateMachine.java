package io.stepstream.asl.definition;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;

/**
 * A state machine's definition, parsed and valid.
 *
 * @param comment its Comment
 * @param graph its own states; those of branches are inside the states that have branches
 * @param timeoutSeconds how long an execution may last
 * @param taskNames the task names it is known to use; names that only a run can tell are missing
 * @param variableReferences which variables each state refers to, both in order; only states that refer to some
 */
public record StateMachine(
        Optional<String> comment,
        StateGraph graph,
        OptionalLong timeoutSeconds,
        Set<String> taskNames,
        SortedMap<String, List<String>> variableReferences) {

    /** Reads and checks a definition of a STANDARD state machine. */
    public static Parsed parse(String text) {
        return parse(text, WorkflowType.STANDARD);
    }

    /** Reads and checks a definition; any text is answered, none throws. */
    public static Parsed parse(String text, WorkflowType type) {
        return DefinitionReader.read(text, type);
    }

    public String startAt() {
        return graph.startAt();
    }

    /** The state of this name, wherever it is: names are unique in a whole state machine. */
    public State state(String name) {
        return graph.find(name)
                .orElseThrow(() -> new IllegalArgumentException("the state machine has no state named '" + name + "'"));
    }
}
