package io.stepstream.asl.execution;

import java.util.List;

/**
 * What one command does: row writes and deletes, and effects in order. Nothing has happened yet; the shell applies it.
 *
 * @param rows the rows that change; none if the command was stale or refused
 * @param effects in the order in which they are to be carried out
 */
public record Step(List<RowChange> rows, List<Effect> effects) {
    public Step {
        rows = List.copyOf(rows);
        effects = List.copyOf(effects);
    }
}
