package io.stepstream.orchestrator.views;

import java.util.Comparator;

/**
 * A place in a list of executions: the latest start comes first, and the id decides between two of one millisecond. An execution
 * keeps its place, so that a page which begins behind one neither repeats nor leaves out what was there before.
 *
 * @param startMillis when the execution started, epoch milliseconds
 */
public record Position(long startMillis, String executionId) implements Comparable<Position> {

    /** Before every other one. */
    public static final Position FIRST = new Position(Long.MAX_VALUE, "0".repeat(32));

    /** No id comes after this one. */
    static final String LAST_ID = "f".repeat(32);

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::startMillis).reversed().thenComparing(Position::executionId);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
