package io.stepstream.audit.whatif;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.rehearsal.Surroundings;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * When the steps of a recorded execution were, and in which order: a rehearsal that sends the same command takes the step then, and so
 * goes through what happened at once in the order in which it happened. Each is used once.
 */
final class Beats {
    private static final int NO_ITEM = -1;
    private static final long ANY = 0;
    private static final Instant WHENEVER = Instant.EPOCH;

    private final Map<Cue, Queue<Surroundings.Moment>> moments = new HashMap<>();
    private final Map<Instant, List<Long>> timers = new HashMap<>();
    /** Those that have neither fired nor been cancelled. */
    private final Set<Timer> running = new LinkedHashSet<>();
    /** By ticket: when a step yielded that was not gone on with. */
    private final Map<Long, Instant> yields = new LinkedHashMap<>();

    /**
     * What a step was for.
     *
     * @param due when that was sent or due, of what comes at a time that a rehearsal knows; of what another execution sends it does not
     */
    private record Cue(String kind, long ticket, int item, Instant due) {}

    private record Timer(long ticket, Instant due) {}

    /** A timer that was started. */
    void timer(long ticket, Instant due) {
        if (running.add(new Timer(ticket, due))) {
            timers.computeIfAbsent(due, _ -> new ArrayList<>()).add(ticket);
        }
    }

    /** A timer that was cancelled in this step: if it was due before, the engine had not come to it, and it must not come before. */
    void cancelled(long ticket, Instant due, Surroundings.Moment step) {
        stopped(ticket);
        if (!due.isAfter(step.now())) {
            add(new Command.FireTimer(ticket, due), due, behind(step));
        }
    }

    /** A ticket has one timer at a time; heartbeats may have put it off, of which there is no record. */
    private void stopped(long ticket) {
        running.removeIf(timer -> timer.ticket() == ticket);
    }

    /** Whether the timer of this ticket has neither fired nor been cancelled. */
    boolean isRunning(long ticket) {
        return running.stream().anyMatch(timer -> timer.ticket() == ticket);
    }

    /** The execution yielded, to go on by this ticket. */
    void yielded(long ticket, Instant at) {
        yields.put(ticket, at);
    }

    /** A step, in the order of steps. */
    void step(Command command, Surroundings.Moment moment) {
        switch (command) {
            case Command.Continue(var ticket) ->
                add(command, Optional.ofNullable(yields.remove(ticket)).orElse(moment.now()), moment);
            case Command.FireTimer(var ticket, var due) -> {
                stopped(ticket);
                add(command, due, moment);
            }
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.CompleteTask _,
                    Command.FailTask _,
                    Command.StartTask _,
                    Command.Heartbeat _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _ -> add(command, moment.now(), moment);
        }
    }

    /**
     * The recording has ended: what was due or yielded before did not come any more.
     *
     * @param last its last step
     * @param moved tickets of timers that heartbeats may have put off, of which there is no record
     */
    void over(Surroundings.Moment last, Set<Long> moved) {
        for (var timer : running) {
            if (!timer.due().isAfter(last.now()) && !moved.contains(timer.ticket())) {
                add(new Command.FireTimer(timer.ticket(), timer.due()), timer.due(), behind(last));
            }
        }
        yields.forEach((ticket, at) -> add(new Command.Continue(ticket), at, behind(last)));
    }

    private void add(Command command, Instant due, Surroundings.Moment moment) {
        moments.computeIfAbsent(cue(command, ticket(command), due), _ -> new ArrayDeque<>())
                .add(moment);
    }

    private static Surroundings.Moment behind(Surroundings.Moment step) {
        return new Surroundings.Moment(step.now(), step.seed(), step.place() + 1);
    }

    /**
     * The moment of the step that this command made.
     *
     * @param ticket the recorded one of the command's task or child
     * @param due when the command comes
     */
    Optional<Surroundings.Moment> of(Command command, long ticket, Instant due) {
        var own = command instanceof Command.FireTimer ? timerOf(ticket, due) : ticket;
        return Optional.ofNullable(moments.get(cue(command, own, due))).map(Queue::poll);
    }

    /** The recorded ticket of a timer: that of the same number if there is one, else any that was to fire then. */
    private long timerOf(long ticket, Instant due) {
        var tickets = timers.getOrDefault(due, new ArrayList<>());
        if (tickets.remove(ticket) || tickets.isEmpty()) {
            return ticket;
        }
        return tickets.removeFirst();
    }

    private static Cue cue(Command command, long ticket, Instant due) {
        return switch (command) {
            case Command.Start _, Command.StartChild _ -> new Cue("start", ANY, NO_ITEM, WHENEVER);
            case Command.CancelChild _ -> new Cue("cancel", ANY, NO_ITEM, WHENEVER);
            case Command.HearOfChild child ->
                new Cue(
                        child.report().getClass().getSimpleName(),
                        ticket,
                        child.item().orElse(NO_ITEM),
                        WHENEVER);
            case Command.CompleteTask task -> new Cue("answer", ticket, NO_ITEM, task.appended());
            case Command.FailTask task -> new Cue("answer", ticket, NO_ITEM, task.appended());
            case Command.StartTask task -> new Cue("take", ticket, NO_ITEM, task.appended());
            case Command.Heartbeat task -> new Cue("heartbeat", ticket, NO_ITEM, task.appended());
            case Command.FireTimer timer -> new Cue("timer", ticket, NO_ITEM, timer.due());
            case Command.Continue _ -> new Cue("continue", ANY, NO_ITEM, due);
            case Command.Stop _ -> new Cue("stop", ANY, NO_ITEM, due);
            case Command.Pause _ -> new Cue("pause", ANY, NO_ITEM, due);
            case Command.Resume _ -> new Cue("resume", ANY, NO_ITEM, due);
            case Command.Redrive _ -> new Cue("redrive", ANY, NO_ITEM, due);
            case Command.UpdateMapRun _ -> new Cue("map run", ANY, NO_ITEM, due);
        };
    }

    /** When it was sent, of what a worker says about a task. */
    static Optional<Instant> appended(Command command) {
        return switch (command) {
            case Command.CompleteTask task -> Optional.of(task.appended());
            case Command.FailTask task -> Optional.of(task.appended());
            case Command.StartTask task -> Optional.of(task.appended());
            case Command.Heartbeat task -> Optional.of(task.appended());
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.FireTimer _,
                    Command.Continue _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _ -> Optional.empty();
        };
    }

    /** The ticket of a command; 0 for those that have none. */
    static long ticket(Command command) {
        return switch (command) {
            case Command.CompleteTask task -> task.ticket();
            case Command.FailTask task -> task.ticket();
            case Command.StartTask task -> task.ticket();
            case Command.Heartbeat task -> task.ticket();
            case Command.HearOfChild child -> child.ticket();
            case Command.FireTimer timer -> timer.ticket();
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.Continue _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _ -> ANY;
        };
    }
}
