package io.stepstream.chaos.check;

import io.stepstream.chaos.check.Asked.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What executions wait for. A log is at rest when nothing will happen in it by itself: the engine has read everything, no transaction is
 * open, and of no execution that runs a timer is still to fire. What waits then waits for nothing that comes, and is stuck.
 */
final class Waits {
    /** A timer that was due so lately may fire yet: its partition may have been without an engine. */
    private static final Duration LATE = Duration.ofSeconds(30);

    private final Asked asked;
    private final Steps steps;
    private final Turns turns;

    Waits(Asked asked, Steps steps, Turns turns) {
        this.asked = asked;
        this.steps = steps;
        this.turns = turns;
    }

    /**
     * Why the log is not at rest; empty if it is.
     *
     * @param before how far it was before it was read
     * @param after how far it was then
     */
    Optional<Unrest> unrest(Moment before, Moment after) {
        var moves = !before.ends().equals(after.ends());
        var timers = (int) steps.timers().entrySet().stream()
                .filter(entry ->
                        isOpen(entry.getKey()) && isToFire(entry.getValue().due(), after))
                .count();
        if (!moves && before.isRead() && after.isRead() && timers == 0) {
            return Optional.empty();
        }
        var running =
                (int) steps.executions().values().stream().filter(Waits::runs).count();
        var log = moves || before.transactions() + after.transactions() > 0 ? Unrest.Log.MOVED : Unrest.Log.STOOD_STILL;
        return Optional.of(new Unrest(running, turns.queued(), timers, after.unread(), after.transactions(), log));
    }

    private static boolean isToFire(Instant due, Moment moment) {
        return due.isAfter(moment.at().minus(LATE));
    }

    private static boolean runs(Steps.Execution execution) {
        return execution.ended.isEmpty() && !execution.lost;
    }

    private boolean isOpen(Wait wait) {
        return Optional.ofNullable(steps.executions().get(wait.executionId()))
                .filter(Waits::runs)
                .isPresent();
    }

    /** Nothing waits that should not: at rest, nothing does. */
    void check(Consumer<Violation> violations) {
        asked.calledFor().forEach((id, place) -> {
            if (!steps.executions().containsKey(id)) {
                violations.accept(new Violation(Rule.END, place, id, "the start has come to nothing"));
            }
        });
        var open = open();
        steps.executions().forEach((id, execution) -> {
            if (runs(execution)) {
                violations.accept(new Violation(
                        Rule.END,
                        execution.started,
                        execution.arn,
                        "it has not ended; it waits for " + open.getOrDefault(id, "nothing that is known")));
            }
        });
        steps.timers().forEach((wait, timer) -> {
            if (isOpen(wait)) {
                violations.accept(new Violation(
                        Rule.TIMER,
                        timer.place(),
                        wait.executionId(),
                        "timer " + wait.ticket() + " was set for " + timer.due() + " and has not fired"));
            }
        });
    }

    /** What each execution waits for, in words. */
    private Map<String, String> open() {
        var open = new HashMap<String, String>();
        steps.timers()
                .forEach((wait, timer) ->
                        add(open, wait.executionId(), "timer " + wait.ticket() + " of " + timer.due()));
        steps.tasks().entrySet().stream()
                .filter(entry -> entry.getValue().outcome.isEmpty())
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().executionId(),
                        Collectors.mapping(
                                entry -> "task " + entry.getKey().ticket() + " asked for at " + entry.getValue().place,
                                Collectors.joining(", "))))
                .forEach((id, tasks) -> add(open, id, tasks));
        steps.executions().forEach((id, execution) -> {
            execution.paused.ifPresent(since -> add(open, id, "its resume, paused at " + since));
            execution.awaitsResume.ifPresent(ticket -> add(open, id, "its state machine's resume, ticket " + ticket));
        });
        return open;
    }

    private static void add(Map<String, String> open, String id, String what) {
        open.merge(id, what, (before, more) -> before + ", " + more);
    }
}
