package io.stepstream.asl.data;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a state's expressions look at besides its input, so that nothing else need be read.
 *
 * @param variables names of the variables referred to
 */
public record Uses(boolean contextObject, boolean executionInput, Set<String> variables) {

    public static final Uses NOTHING = new Uses(false, false, Set.of());

    public Uses {
        variables = java.util.Collections.unmodifiableSet(new TreeSet<>(variables));
    }

    public Uses and(Uses other) {
        var all = new TreeSet<>(variables);
        all.addAll(other.variables);
        return new Uses(contextObject || other.contextObject, executionInput || other.executionInput, all);
    }
}
