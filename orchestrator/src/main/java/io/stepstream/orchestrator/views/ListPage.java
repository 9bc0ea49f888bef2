package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.ListedExecution;
import java.util.List;
import java.util.Optional;

/**
 * A part of a list of executions.
 *
 * @param executions in the list's order
 * @param next behind which place the list goes on; empty at its end. It may lie behind executions that the filter left out
 */
public record ListPage(List<Entry> executions, Optional<Position> next) {

    /** A listed execution and its place. */
    public record Entry(Position position, ListedExecution execution) {}

    public ListPage {
        executions = List.copyOf(executions);
    }
}
