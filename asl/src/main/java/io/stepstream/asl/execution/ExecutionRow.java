package io.stepstream.asl.execution;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an execution knows of itself as a whole. It is written by every step, so nothing in it may grow.
 *
 * @param identity fixed at the start
 * @param inputHash hex SHA-256 of the input's text: a repeated start is the same if this is
 * @param started when it was started
 * @param nextTicket the next ticket to give out
 * @param nextEventId the next history event's id
 * @param agenda what an earlier step left to do, most urgent last; bounded by nesting and by how many children run at once
 * @param continuing the ticket of the outstanding {@link Command.Continue}, while the agenda is not empty
 * @param deadline the ticket of the execution's own timeout
 * @param closing how it is about to end, while its children are still being aborted; never {@link Outcome.Succeeded}
 * @param ended how and when it ended
 * @param parent the execution that started it, and what that wants to hear of it
 * @param redrives how often it has gone on after its end
 * @param paused since when it is to begin nothing; an end does not change that, so that a redriven execution waits as well
 * @param awaitingResume the ticket of the outstanding {@link Effect.AwaitResume}
 * @param turn what it has asked its state machine's limit for, from its start or its redrive to its end
 */
public record ExecutionRow(
        ExecutionIdentity identity,
        String inputHash,
        Instant started,
        long nextTicket,
        long nextEventId,
        List<Work> agenda,
        OptionalLong continuing,
        OptionalLong deadline,
        Optional<Outcome> closing,
        Optional<Ended> ended,
        Optional<Parent> parent,
        Redrives redrives,
        Optional<Paused> paused,
        OptionalLong awaitingResume,
        Optional<Turn> turn) {

    public ExecutionRow {
        agenda = List.copyOf(agenda);
    }

    /** An execution that was never redriven, is not paused, and awaits no turn. */
    public ExecutionRow(
            ExecutionIdentity identity,
            String inputHash,
            Instant started,
            long nextTicket,
            long nextEventId,
            List<Work> agenda,
            OptionalLong continuing,
            OptionalLong deadline,
            Optional<Outcome> closing,
            Optional<Ended> ended,
            Optional<Parent> parent) {
        this(
                identity,
                inputHash,
                started,
                nextTicket,
                nextEventId,
                agenda,
                continuing,
                deadline,
                closing,
                ended,
                parent,
                Redrives.NONE,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }

    /**
     * The turn of an execution whose state machine is limited.
     *
     * @param ticket of its {@link Effect.AwaitTurn}
     * @param come whether it is its turn; before, it begins nothing
     */
    public record Turn(long ticket, boolean come) {}

    /**
     * How often an execution was redriven.
     *
     * @param last when it was the last time
     */
    public record Redrives(int count, Optional<Instant> last) {
        public static final Redrives NONE = new Redrives(0, Optional.empty());
    }

    /**
     * That an execution is paused.
     *
     * @param by who has paused it, as far as known
     */
    public record Paused(Instant since, String by) {}

    /** The end of an execution. Output, error and cause are in its {@link Effect.Close}, not here: this row is kept for long. */
    public record Ended(ExecutionStatus status, Instant at) {}
}
