package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.ListedExecution;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Which executions a list shows.
 *
 * @param owner id of the state machine's or the Map run's ARN; without one, those of all state machines
 * @param status by AWS's name
 * @param versionArn only those that run this version
 * @param aliasArn only those that were started by this alias
 * @param redrive whether they were redriven
 * @param pause whether they are paused, themselves
 * @param search what else is asked for
 */
public record ListFilter(
        Optional<String> owner,
        Optional<String> status,
        Optional<String> versionArn,
        Optional<String> aliasArn,
        Redrive redrive,
        Pause pause,
        Search search) {

    /** What is asked about redrives. */
    public enum Redrive {
        ANY,
        REDRIVEN,
        NOT_REDRIVEN
    }

    /** What is asked about pauses. */
    public enum Pause {
        ANY,
        PAUSED,
        NOT_PAUSED
    }

    /**
     * What a search asks for beyond AWS's lists.
     *
     * @param namePrefix how the execution's name begins; empty for any
     * @param from the earliest start
     * @param before starts before this
     * @param errorText part of the error or its cause, in capitals or not
     */
    public record Search(
            String namePrefix, Optional<Instant> from, Optional<Instant> before, Optional<String> errorText) {
        public static final Search ANYTHING = new Search("", Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The first place that can be shown, of those behind another. */
    Position first(Position after) {
        return search.before()
                .map(before -> new Position(before.toEpochMilli() - 1, Position.FIRST.executionId()))
                .filter(first -> first.compareTo(after) > 0)
                .orElse(after);
    }

    /** The last place that can be shown. */
    Position last() {
        return new Position(search.from().map(Instant::toEpochMilli).orElse(0L), Position.LAST_ID);
    }

    /** Whether the listed execution is one of these, but for the text of its error. */
    boolean shows(ListedExecution execution) {
        return status.filter(wanted -> !wanted.equals(execution.getStatus())).isEmpty()
                && versionArn
                        .filter(wanted -> !wanted.equals(execution.getVersionArn()))
                        .isEmpty()
                && aliasArn.filter(wanted -> !wanted.equals(execution.getAliasArn()))
                        .isEmpty()
                && switch (redrive) {
                    case ANY -> true;
                    case REDRIVEN -> execution.getRedriveCount() > 0;
                    case NOT_REDRIVEN -> execution.getRedriveCount() == 0;
                }
                && switch (pause) {
                    case ANY -> true;
                    case PAUSED -> execution.getPausedAt() != null;
                    case NOT_PAUSED -> execution.getPausedAt() == null;
                }
                && execution.getName().startsWith(search.namePrefix());
    }

    /** Whether a text says what is looked for. */
    static boolean mentions(Optional<String> text, String wanted) {
        return text.filter(said -> said.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT)))
                .isPresent();
    }
}
