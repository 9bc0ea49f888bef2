package io.stepstream.asl.definition;

import java.util.List;

/** What became of a definition's text. */
public sealed interface Parsed {

    record Valid(StateMachine machine, List<Finding> warnings) implements Parsed {}

    /** @param findings every problem found, the warnings too; at least one is an error */
    record Invalid(List<Finding> findings) implements Parsed {}
}
