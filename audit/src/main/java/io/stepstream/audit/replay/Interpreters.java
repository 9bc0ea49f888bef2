package io.stepstream.audit.replay;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Rows;
import io.stepstream.asl.execution.Step;
import java.util.Map;
import java.util.Optional;

/**
 * The interpreters that steps can be run by, by their semantics number. A log that was written over years names several; those whose
 * interpreter is not here are checked by their chain only.
 */
public record Interpreters(Map<Integer, Interpretation> bySemantics) {

    /** What an interpreter does: {@link Interpreter#step}, of whichever version. */
    @FunctionalInterface
    public interface Interpretation {
        Step step(Rows before, Command command, Inputs inputs);
    }

    public Interpreters {
        bySemantics = Map.copyOf(bySemantics);
    }

    /** The interpreters that came with this program. */
    public static Interpreters known() {
        return new Interpreters(Map.of(Interpreter.SEMANTICS, Interpreter::step));
    }

    Optional<Interpretation> of(int semantics) {
        return Optional.ofNullable(bySemantics.get(semantics));
    }
}
