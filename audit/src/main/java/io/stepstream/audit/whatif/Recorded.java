package io.stepstream.audit.whatif;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.rehearsal.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is known of a recorded execution from its steps: what it asked for and what came of it, when its steps were, which way it went. */
final class Recorded {
    final ExecutionIdentity identity;
    /** What began it: {@code Start} or {@code StartChild}. */
    final Command start;

    final Instant started;
    final Limits limits;
    final List<Task> tasks = new ArrayList<>();
    final List<Child> children = new ArrayList<>();
    /** The executions of distributed Maps' items, or batches of them. */
    final List<Child> items = new ArrayList<>();

    /** That it was stopped, redriven or given up, or went on by something that came to nothing itself. */
    final List<Surroundings.Order> orders = new ArrayList<>();

    final Beats beats = new Beats();
    final Way way = new Way();
    Optional<Outcome> outcome = Optional.empty();

    /** Whether each step does the same by the other definition. */
    boolean same = true;

    /** Whether its parent gave it up while it ran. */
    boolean isGivenUp;

    Recorded(ExecutionIdentity identity, Command start, Instant started, Limits limits) {
        this.identity = identity;
        this.start = start;
        this.started = started;
        this.limits = limits;
    }

    /** A task that was asked for. */
    static final class Task {
        final Effect.RequestTask request;
        final Instant asked;
        final List<Taken> taken = new ArrayList<>();
        /** How long after it was asked for heartbeats came that made steps: those that only put off a deadline make none. */
        final List<Duration> heard = new ArrayList<>();

        /** How long after it was asked for its time was up, if that was before what ended it came; heartbeats of which there is no record may have put that off. */
        Optional<Duration> missed = Optional.empty();

        End end = new End.Open();
        /** How long after it was asked for the step came that ended it. */
        Duration until = Duration.ZERO;
        /** Whether a rehearsal has used it. */
        boolean used;

        Task(Effect.RequestTask request, Instant asked) {
            this.request = request;
            this.asked = asked;
        }
    }

    /** A worker took a task, so long after it was asked for. */
    record Taken(Duration after, Optional<String> worker) {}

    /** What came of a task. */
    sealed interface End {
        record Completed(Duration after, Document output) implements End {}

        record Failed(Duration after, Optional<String> error, Optional<String> cause) implements End {}

        /** Nobody answered by then, and its time was up. */
        record TimedOut(Duration after) implements End {}

        /** It was given up then. */
        record Aborted(Duration after) implements End {}

        record Open() implements End {}
    }

    /** An execution that was started by a task or for an item, and what it told. */
    static final class Child {
        final Effect.StartChild start;
        final Instant asked;
        final List<Surroundings.Telling> told = new ArrayList<>();
        boolean used;

        /** Of an item, whether each of its steps does the same by the other definition. */
        boolean same;

        /** Of an item, whether it was given up while it ran. */
        boolean isGivenUp;

        Child(Effect.StartChild start, Instant asked) {
            this.start = start;
            this.asked = asked;
        }

        void tells(Instant at, ChildReport report) {
            told.add(new Surroundings.Telling(Duration.between(asked, at), report));
        }

        /** What it would have told if it had ended so. */
        List<Surroundings.Telling> toldOf(Outcome outcome) {
            return told.stream()
                    .map(telling -> telling.report() instanceof ChildReport.Ended ended
                            ? new Surroundings.Telling(
                                    telling.after(),
                                    new ChildReport.Ended(
                                            ended.executionArn(),
                                            ended.name(),
                                            ended.stateMachineArn(),
                                            ended.input(),
                                            ended.startDate(),
                                            ended.stopDate(),
                                            outcome,
                                            ended.items()))
                            : telling)
                    .toList();
        }
    }
}
