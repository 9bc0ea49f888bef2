package io.stepstream.audit.whatif;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.rehearsal.Observer;
import io.stepstream.asl.rehearsal.Reply;
import io.stepstream.asl.rehearsal.Surroundings;
import io.stepstream.audit.whatif.Recorded.End;
import io.stepstream.audit.whatif.Recorded.Item;
import io.stepstream.audit.whatif.Recorded.Task;
import io.stepstream.audit.whatif.Verdict.CannotTell;
import io.stepstream.audit.whatif.Verdict.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

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

    private final Map<String, Optional<Recorded>> byExecution = new HashMap<>();
    private final Map<Started, Integer> itemsStarted = new HashMap<>();
    /** By execution: the recorded tickets of its tasks and children. */
    private final Map<String, Map<Long, Long>> tickets = new HashMap<>();

    /** The tickets of Map runs that there were, by their ARNs. */
    private final Map<String, Long> mapRuns = new HashMap<>();

    private final Function<String, Optional<Recorded>> recall;
    private final Matching matching;
    private final Way way = new Way();
    private Optional<Changed> changed = Optional.empty();
    private Optional<CannotTell> cannotTell = Optional.empty();

    /** An item of an execution's Map run that was started. */
    private record Started(String parent, Item item) {}

    /** A task, or a child, that got another input than the recorded one. */
    record Changed(String state, String recorded, String rehearsed) {}

    /**
     * Follows a recording.
     *
     * @param recall gives the recording of an execution of an item, by its ARN
     */
    Following(Recorded root, Matching matching, Function<String, Optional<Recorded>> recall) {
        this.matching = matching;
        this.recall = recall;
        byExecution.put(root.identity.arn(), Optional.of(root));
    }

    @Override
    public List<Reply> answers(ExecutionIdentity execution, Effect.RequestTask request) {
        var task = recorded(execution).flatMap(known -> matching.of(request, known.tasks));
        if (task.isEmpty()) {
            never("task " + request.name() + " of state " + request.state()
                    + (request.attempt() == 0 ? "" : ", attempt " + (request.attempt() + 1)));
            return List.of();
        }
        if (!Matching.sameInput(task.get(), request)) {
            change(request.state(), Shown.text(task.get().request.input()), Shown.text(request.input()));
        }
        are(execution, request.ticket(), task.get().request.ticket());
        return replies(task.get(), request);
    }

    /** Notes that a ticket of the rehearsal is what a recorded one was. */
    private void are(ExecutionIdentity execution, long ticket, long recordedTicket) {
        tickets.computeIfAbsent(execution.arn(), _ -> new HashMap<>()).put(ticket, recordedTicket);
    }

    private Optional<Recorded> recorded(ExecutionIdentity execution) {
        return byExecution.getOrDefault(execution.arn(), Optional.empty());
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
        var ticket = tickets.getOrDefault(execution.arn(), Map.of()).getOrDefault(own, own);
        return recorded(execution).flatMap(known -> known.beats.of(command, ticket, due));
    }

    /** That of the recorded task of the same number, else of any: all are as long. */
    @Override
    public Optional<String> token(ExecutionIdentity execution, long ticket) {
        return recorded(execution)
                .flatMap(known -> known.tasks.stream()
                        .map(task -> task.request)
                        .min(Comparator.comparing(request -> request.ticket() != ticket)))
                .map(Effect.RequestTask::token);
    }

    @Override
    public List<Order> orders(ExecutionIdentity execution) {
        return recorded(execution).map(known -> List.copyOf(known.orders)).orElse(List.of());
    }

    /** A Map run that was changed on its way, and that the rehearsal has not come to: the change was then lost. */
    Optional<CannotTell> lostOrder() {
        return byExecution.values().stream()
                .flatMap(known -> known.stream().flatMap(execution -> execution.orders.stream()))
                .flatMap(order -> order.command() instanceof Command.UpdateMapRun update
                                && !Long.valueOf(update.ticket()).equals(mapRuns.get(update.runArn()))
                        ? Stream.of(new CannotTell(Reason.STEERED, update.runArn()))
                        : Stream.empty())
                .findFirst();
    }

    @Override
    public Optional<List<Telling>> child(ExecutionIdentity execution, Effect.StartChild start) {
        var item = start.parent().item();
        if (item.isPresent()) {
            follow(execution, start, new Item(item.get().state(), item.get().index()));
            return Optional.empty();
        }
        var child = recorded(execution).flatMap(known -> child(known, start));
        if (child.isEmpty()) {
            never("an execution " + start.executionArn());
            return Optional.of(List.of());
        }
        child.get().used = true;
        are(execution, start.parent().ticket(), child.get().start.parent().ticket());
        if (!Shown.data(child.get().start.input()).equals(Shown.data(start.input()))) {
            change(start.name(), Shown.text(child.get().start.input()), Shown.text(start.input()));
        }
        return Optional.of(child.get().told);
    }

    /** The recorded child of the same machine: that of the same name or with the same input if there is one. */
    private static Optional<Recorded.Child> child(Recorded known, Effect.StartChild start) {
        return known.children.stream()
                .filter(recorded -> !recorded.used && recorded.start.machine().equals(start.machine()))
                .min(Comparator.comparing((Recorded.Child recorded) ->
                                !recorded.start.executionArn().equals(start.executionArn()))
                        .thenComparing(recorded -> !recorded.start.input().equals(start.input())));
    }

    /** The execution of an item is rehearsed with the rest, along its own recording. */
    private void follow(ExecutionIdentity parent, Effect.StartChild start, Item item) {
        start.parent()
                .item()
                .ifPresent(of -> mapRuns.put(of.runArn(), start.parent().ticket()));
        var number = itemsStarted.merge(new Started(parent.arn(), item), 1, Integer::sum) - 1;
        var recorded = recorded(parent).flatMap(known -> {
            var starts =
                    known.items.getOrDefault(new Item(matching.recordedName(item.state()), item.index()), List.of());
            return number < starts.size() ? Optional.of(starts.get(number)) : Optional.empty();
        });
        recorded.ifPresent(
                was -> are(parent, start.parent().ticket(), was.parent().ticket()));
        byExecution.put(start.executionArn(), recorded.flatMap(was -> recall.apply(was.executionArn())));
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
