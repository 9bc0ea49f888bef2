package io.stepstream.audit.whatif;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.rehearsal.Observer;
import io.stepstream.asl.rehearsal.Reply;
import io.stepstream.asl.rehearsal.Surroundings;
import io.stepstream.audit.whatif.Recorded.End;
import io.stepstream.audit.whatif.Recorded.Task;
import io.stepstream.audit.whatif.Trial.Tried;
import io.stepstream.audit.whatif.Verdict.CannotTell;
import io.stepstream.audit.whatif.Verdict.Difference;
import io.stepstream.audit.whatif.Verdict.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives a rehearsal what was recorded: the answers to its tasks, what its children told, and, of steps that come when the recorded ones
 * did, their time and seed. Notices when it asks for what was never recorded.
 */
final class Following implements Surroundings, Observer {
    /** What a task fails with when the recording tells no more of it; no rehearsal goes on after that. */
    private static final String NOT_RECORDED = "Stepstream.NotRecorded";

    /** So late that whatever ended the recorded wait has come first. */
    private static final Duration LATER = Duration.ofMillis(1);

    /** Heartbeats that are made up for one task, at most. */
    private static final int HEARTBEATS = 10_000;

    private final Recorded recorded;
    private final Matching matching;
    /** The recorded tickets of tasks and children. */
    private final Map<Long, Long> tickets = new HashMap<>();

    private final Way way = new Way();
    private final Function<Recorded.Child, Tried> items;
    /** Those that were given up in the recording and were not in the rehearsal, by the ARNs of the rehearsal. */
    private final Map<String, Recorded.Child> toBeGivenUp = new LinkedHashMap<>();

    private Optional<Difference> ofAnItem = Optional.empty();
    private Optional<Changed> changed = Optional.empty();
    private Optional<CannotTell> cannotTell = Optional.empty();

    /** A task, or a child, that got another input than the recorded one. */
    record Changed(String state, String recorded, String rehearsed) {}

    /**
     * @param items tells what became of an item's execution by the other definition, when that is asked for
     */
    Following(Recorded recorded, Matching matching, Function<Recorded.Child, Tried> items) {
        this.recorded = recorded;
        this.matching = matching;
        this.items = items;
    }

    @Override
    public List<Reply> answers(ExecutionIdentity execution, Effect.RequestTask request) {
        var task = matching.of(request, recorded.tasks);
        if (task.isEmpty()) {
            never("task " + request.name() + " of state " + request.state()
                    + (request.attempt() == 0 ? "" : ", attempt " + (request.attempt() + 1)));
            return List.of();
        }
        if (!Matching.sameInput(task.get(), request)) {
            change(request.state(), Shown.text(task.get().request.input()), Shown.text(request.input()));
        }
        tickets.put(request.ticket(), task.get().request.ticket());
        return replies(task.get(), request);
    }

    private List<Reply> replies(Task task, Effect.RequestTask request) {
        var replies = new ArrayList<Reply>();
        task.taken.forEach(taken -> replies.add(new Reply.Take(taken.after(), taken.worker())));
        task.heard.forEach(after -> replies.add(new Reply.Heartbeat(after)));
        switch (task.end) {
            case End.Completed(var after, var output) -> {
                heartbeats(request, kept(task, request, after), replies);
                replies.add(new Reply.Complete(after, output));
            }
            case End.Failed(var after, var error, var cause) -> {
                heartbeats(request, kept(task, request, after), replies);
                replies.add(new Reply.Fail(after, error, cause));
            }
            case End.TimedOut(var after) -> {
                heartbeats(request, missing(request, after), replies);
                replies.add(noMore(task.until, request));
            }
            case End.Aborted(var after) -> {
                heartbeats(request, after, replies);
                replies.add(noMore(task.until, request));
            }
            case End.Open() -> cannot(new CannotTell(Reason.NOT_ANSWERED, "state " + request.state()));
        }
        return replies;
    }

    private static Reply noMore(Duration after, Effect.RequestTask request) {
        return new Reply.Fail(after.plus(LATER), Optional.of(NOT_RECORDED), Optional.of("state " + request.state()));
    }

    /** How long heartbeats came: until it was answered, or, if that was too late, not longer than that it was. */
    private static Duration kept(Task task, Effect.RequestTask request, Duration answered) {
        return task.missed.map(up -> missing(request, up)).orElse(answered);
    }

    /** How long heartbeats came to a task whose time was up then. */
    private static Duration missing(Effect.RequestTask request, Duration up) {
        return request.heartbeat().map(up::minus).orElse(Duration.ZERO).plusNanos(1);
    }

    /** Heartbeats make no records, so whoever answered after an interval is taken to have sent each as late as it may come. */
    private void heartbeats(Effect.RequestTask request, Duration until, List<Reply> replies) {
        if (request.heartbeat().isEmpty() || !until.isPositive()) {
            return;
        }
        var interval = request.heartbeat().get();
        if (until.dividedBy(interval) > HEARTBEATS) {
            cannot(new CannotTell(Reason.TOO_LARGE, "state " + request.state() + " has too many heartbeats"));
            return;
        }
        // The last one leaves what there was of the interval, so that a missed heartbeat is missed when it was.
        var first = Duration.ofMillis(until.toMillis() % interval.toMillis());
        for (var at = first.isZero() ? interval : first; at.compareTo(until) < 0; at = at.plus(interval)) {
            replies.add(new Reply.Heartbeat(at));
        }
    }

    @Override
    public Optional<Moment> moment(ExecutionIdentity execution, Command command, Instant due) {
        if (command instanceof Command.FailTask failed && failed.error().equals(Optional.of(NOT_RECORDED))) {
            return Optional.empty();
        }
        var own = Beats.ticket(command);
        return recorded.beats.of(command, tickets.getOrDefault(own, own), due);
    }

    /** That of the recorded task of the same number, else of any: all are as long. */
    @Override
    public Optional<String> token(ExecutionIdentity execution, long ticket) {
        return recorded.tasks.stream()
                .map(task -> task.request)
                .min(Comparator.comparing(request -> request.ticket() != ticket))
                .map(Effect.RequestTask::token);
    }

    @Override
    public List<Order> orders(ExecutionIdentity execution) {
        return List.copyOf(recorded.orders);
    }

    @Override
    public Optional<List<Telling>> child(ExecutionIdentity execution, Effect.StartChild start) {
        var item = start.parent().item();
        var found = item.isPresent() ? item(item.get()) : child(start);
        if (found.isEmpty()) {
            never(item.map(which -> "item " + which.index() + " of state " + which.state())
                    .orElse("an execution " + start.executionArn()));
            return Optional.of(List.of());
        }
        var child = found.get();
        child.used = true;
        tickets.put(start.parent().ticket(), child.start.parent().ticket());
        if (!Shown.data(child.start.input()).equals(Shown.data(start.input()))) {
            change(
                    item.map(Parent.MapItem::state).orElse(start.name()),
                    Shown.text(child.start.input()),
                    Shown.text(start.input()));
        }
        return Optional.of(item.isPresent() ? toldByItem(child, start) : child.told);
    }

    /** The execution of this item, or this batch of as many, of the same Map. */
    private Optional<Recorded.Child> item(Parent.MapItem item) {
        var state = matching.recordedName(item.state());
        return recorded.items.stream()
                .filter(known -> !known.used)
                .filter(known -> known.start
                        .parent()
                        .item()
                        .filter(own ->
                                own.state().equals(state) && own.index() == item.index() && own.items() == item.items())
                        .isPresent())
                .findFirst();
    }

    private List<Telling> toldByItem(Recorded.Child item, Effect.StartChild start) {
        if (boundsWereChanged(item.start.parent().ticket())
                && item.start.parent().ticket() != start.parent().ticket()) {
            never("the bounds that a Map run was given on its way, of another one");
        }
        if (item.isGivenUp) {
            toBeGivenUp.put(start.executionArn(), item);
        }
        var tried = items.apply(item);
        return switch (tried.verdict()) {
            case Verdict.Same _ -> item.told;
            case CannotTell(var why, var _) when why == Reason.UNFINISHED -> item.told;
            case CannotTell why -> {
                cannot(why);
                yield List.of();
            }
            case Verdict.Other(var difference) -> {
                // If it has gone another way itself before, that is the first difference.
                if (ofAnItem.isEmpty()
                        && recorded.way.forkTo(way()).flatMap(Way.Fork::there).isEmpty()) {
                    ofAnItem = Optional.of(difference);
                }
                yield tried.outcome().map(item::toldOf).orElse(item.told);
            }
        };
    }

    private boolean boundsWereChanged(long run) {
        return recorded.orders.stream()
                .anyMatch(order -> order.command() instanceof Command.UpdateMapRun update && update.ticket() == run);
    }

    @Override
    public void cancelled(ExecutionIdentity execution, String child) {
        toBeGivenUp.remove(child);
    }

    /** Why what the items told cannot have been all: one that was given up would have gone on. */
    Optional<CannotTell> goingOn() {
        return toBeGivenUp.values().stream()
                .findFirst()
                .flatMap(item -> item.start.parent().item())
                .map(item -> new CannotTell(
                        Reason.NOT_ANSWERED,
                        "item " + item.index() + " of state " + item.state() + ", which was given up"));
    }

    /** A distributed Map of which fewer items were started, with how many here and there. */
    Optional<Way.Fork> fewerItems() {
        var states = new LinkedHashMap<String, List<Recorded.Child>>();
        recorded.items.forEach(child -> child.start
                .parent()
                .item()
                .ifPresent(item -> states.computeIfAbsent(item.state(), _ -> new ArrayList<>())
                        .add(child)));
        return states.entrySet().stream()
                .filter(state -> state.getValue().stream().anyMatch(child -> !child.used))
                .findFirst()
                .map(state -> new Way.Fork(
                        state.getKey(),
                        Optional.of(state.getValue().size() + ""),
                        Optional.of(state.getValue().stream()
                                        .filter(child -> child.used)
                                        .count()
                                + "")));
    }

    /** What was the first difference in an item's execution; absent if there is none, or another way had been taken before. */
    Optional<Difference> ofAnItem() {
        return ofAnItem;
    }

    /** The recorded child of the same machine: that of the same name or with the same input if there is one. */
    private Optional<Recorded.Child> child(Effect.StartChild start) {
        return recorded.children.stream()
                .filter(known -> !known.used && known.start.machine().equals(start.machine()))
                .min(Comparator.comparing((Recorded.Child known) ->
                                !known.start.executionArn().equals(start.executionArn()))
                        .thenComparing(known -> !known.start.input().equals(start.input())));
    }

    @Override
    public void happened(ExecutionIdentity execution, Instant at, HistoryEvent event) {
        if (event.details().get("error") instanceof HistoryEvent.Detail.Text(var error) && error.equals(NOT_RECORDED)) {
            cannot(new CannotTell(
                    Reason.NOT_ANSWERED,
                    event.details().get("cause") instanceof HistoryEvent.Detail.Text(var state) ? state : ""));
        }
        way.add(execution.arn(), event);
    }

    private void never(String what) {
        cannot(new CannotTell(Reason.NEVER_RECORDED, what));
    }

    private void cannot(CannotTell why) {
        cannotTell = cannotTell.or(() -> Optional.of(why));
    }

    private void change(String state, String recorded, String rehearsed) {
        changed = changed.or(() -> Optional.of(new Changed(matching.recordedName(state), recorded, rehearsed)));
    }

    /** Why the rehearsal cannot go on, if it cannot. */
    Optional<CannotTell> cannotTell() {
        return cannotTell;
    }

    /** The first input that was another than the recorded one. */
    Optional<Changed> changed() {
        return changed;
    }

    /** Which way it has gone so far, by the recorded names of its states. */
    Way way() {
        return way.renamed(matching::recordedName);
    }
}
