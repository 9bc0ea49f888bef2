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
import java.util.HashMap;
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

    private final Map<String, Optional<Recorded>> byExecution = new HashMap<>();
    private final Map<Item, Integer> itemsStarted = new HashMap<>();
    private final Function<String, Optional<Recorded>> recall;
    private final Matching matching;
    private final Way way = new Way();
    private Optional<Changed> changed = Optional.empty();
    private Optional<CannotTell> cannotTell = Optional.empty();
    private Optional<CannotTell> suspected = Optional.empty();

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
        return replies(task.get(), request);
    }

    private Optional<Recorded> recorded(ExecutionIdentity execution) {
        return byExecution.getOrDefault(execution.arn(), Optional.empty());
    }

    private List<Reply> replies(Task task, Effect.RequestTask request) {
        var replies = new ArrayList<Reply>();
        task.taken.forEach(taken -> replies.add(new Reply.Take(taken.after(), taken.worker())));
        switch (task.end) {
            case End.Completed(var after, var output) -> {
                heartbeats(request, after, replies);
                replies.add(new Reply.Complete(after, output));
            }
            case End.Failed(var after, var error, var cause) -> {
                heartbeats(request, after, replies);
                replies.add(new Reply.Fail(after, error, cause));
            }
            case End.TimedOut(var after) -> {
                heartbeats(
                        request,
                        request.heartbeat()
                                .map(after::minus)
                                .orElse(Duration.ZERO)
                                .plusNanos(1),
                        replies);
                replies.add(noMore(after, request));
            }
            case End.Aborted(var after) -> {
                heartbeats(request, after, replies);
                replies.add(noMore(after, request));
            }
            case End.Open() -> cannot(new CannotTell(Reason.NOT_ANSWERED, "state " + request.state()));
        }
        return replies;
    }

    private static Reply noMore(Duration after, Effect.RequestTask request) {
        return new Reply.Fail(after.plus(LATER), Optional.of(NOT_RECORDED), Optional.of("state " + request.state()));
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
    public Moment moment(ExecutionIdentity execution, Command command, Moment otherwise) {
        suspected = command instanceof Command.FailTask failed && failed.error().equals(Optional.of(NOT_RECORDED))
                ? Optional.of(new CannotTell(Reason.NOT_ANSWERED, failed.cause().orElse("")))
                : Optional.empty();
        var cue = Ways.cue(command);
        return recorded(execution).stream()
                .flatMap(known -> known.beats.getOrDefault(cue, List.of()).stream())
                .filter(beat -> beat.due().equals(otherwise.now())
                        // An item's execution starts when the engine gets to it.
                        || cue.kind().equals("start") && beat.due().isAfter(otherwise.now()))
                .map(Recorded.Beat::moment)
                .findFirst()
                .orElse(otherwise);
    }

    @Override
    public Optional<List<Telling>> child(ExecutionIdentity execution, Effect.StartChild start) {
        var item = start.parent().item();
        if (item.isPresent()) {
            follow(execution, start, new Item(item.get().state(), item.get().index()));
            return Optional.empty();
        }
        var child = recorded(execution)
                .flatMap(known -> known.children.stream()
                        .filter(recorded ->
                                !recorded.used && recorded.start.machine().equals(start.machine()))
                        .min((a, b) -> Boolean.compare(
                                !a.start.input().equals(start.input()),
                                !b.start.input().equals(start.input()))));
        if (child.isEmpty()) {
            never("an execution " + start.executionArn());
            return Optional.of(List.of());
        }
        child.get().used = true;
        if (!Shown.data(child.get().start.input()).equals(Shown.data(start.input()))) {
            change(start.name(), Shown.text(child.get().start.input()), Shown.text(start.input()));
        }
        return Optional.of(child.get().told);
    }

    /** The execution of an item is rehearsed with the rest, along its own recording. */
    private void follow(ExecutionIdentity parent, Effect.StartChild start, Item item) {
        var recorded = recorded(parent).flatMap(known -> {
            var arns = known.items.getOrDefault(new Item(matching.recordedName(item.state()), item.index()), List.of());
            var number = itemsStarted.merge(item, 1, Integer::sum) - 1;
            return number < arns.size() ? recall.apply(arns.get(number)) : Optional.empty();
        });
        byExecution.put(start.executionArn(), recorded);
    }

    @Override
    public void happened(ExecutionIdentity execution, Instant at, HistoryEvent event) {
        suspected.ifPresent(this::cannot);
        way.add(
                execution.arn(),
                event.id(),
                event.previousEventId(),
                event.type().wireName(),
                Ways.name(event));
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
