package io.stepstream.asl.execution;

import java.util.Optional;

/** Why an execution that did not end well cannot be redriven, as far as that is settled at its end; the words are AWS's where AWS has some. */
public final class RedriveObstacles {
    /** It was not redriven within {@link Limits#redrivableUntil}. */
    public static final String OVER = "Execution redrivable period exceeded";

    private RedriveObstacles() {}

    /** Why nobody can redrive the execution of this row, or the Map run cannot whose child it is; empty if that can be done within the time for it. */
    public static Optional<String> of(ExecutionRow row, Limits limits) {
        var ofMapRun = row.parent().flatMap(Parent::item).isPresent();
        var toCaller =
                ofMapRun ? Optional.<String>empty() : toCaller(row.identity().kind(), row.parent());
        return toCaller.or(() -> ofHistory(row.nextEventId(), limits));
    }

    /** Why a caller cannot, though its Map run perhaps can. */
    static Optional<String> toCaller(ExecutionIdentity.Kind kind, Optional<Parent> parent) {
        if (kind != ExecutionIdentity.Kind.STANDARD) {
            return Optional.of("Executions of EXPRESS state machines cannot be redriven");
        }
        return parent.filter(other -> other.interest().inEnd() || other.item().isPresent())
                .map(_ -> "The execution belongs to another one, which has gone on without it");
    }

    static Optional<String> ofHistory(long nextEventId, Limits limits) {
        return nextEventId + 1 < limits.historyEvents()
                ? Optional.empty()
                : Optional.of("Execution history event limit exceeded");
    }

    /** Why an execution cannot be redriven that runs, or has succeeded. */
    public static String ofStatus(String status) {
        return "Execution is " + status + " and cannot be redriven";
    }
}
