package io.stepstream.audit.whatif;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.rehearsal.Ending;
import io.stepstream.asl.rehearsal.MemoryRows;
import io.stepstream.asl.rehearsal.Rehearsal;
import io.stepstream.asl.rehearsal.Setting;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.whatif.Recall.Recalled;
import io.stepstream.audit.whatif.Verdict.CannotTell;
import io.stepstream.audit.whatif.Verdict.Difference;
import io.stepstream.audit.whatif.Verdict.Kind;
import io.stepstream.audit.whatif.Verdict.Reason;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tries recorded executions on another definition. First their recorded steps are run by it, one for one: if each has the effects that it
 * had, the execution goes the same way, whatever is in it. Otherwise it is rehearsed from its start with what was recorded, and the two
 * ways are compared.
 */
final class Trial {
    private final Recall recall;
    private final Revisions revisions;
    private final Set<String> otherStates;

    Trial(RecordedStore store, Revisions revisions, Keys keys, String definition) {
        this.recall = new Recall(store, revisions, keys);
        this.revisions = revisions;
        this.otherStates = states(definition);
    }

    /** Names of all states of a definition. */
    private static Set<String> states(String definition) {
        var states = new HashSet<String>();
        collect(Document.ofTrusted(definition).tree(), states);
        return states;
    }

    private static void collect(JsonNode node, Set<String> into) {
        node.path("States").fieldNames().forEachRemaining(into::add);
        node.forEach(child -> collect(child, into));
    }

    /** Whether this execution would have gone the same way. */
    Verdict of(String arn, StateMachine machine) {
        return switch (recall.of(arn, machine)) {
            case Recalled.Not(var why) -> why;
            case Recalled.Known(var recorded) -> of(recorded, machine);
        };
    }

    private Verdict of(Recorded recorded, StateMachine machine) {
        var items = items(recorded, machine);
        if (items.isPresent()) {
            return items.get();
        }
        if (recorded.same) {
            return recorded.outcome.isPresent() ? new Verdict.Same(Map.of()) : new CannotTell(Reason.UNFINISHED, "");
        }
        return rehearse(recorded, machine).verdict();
    }

    /**
     * What came of a rehearsal.
     *
     * @param outcome how it ended, if it was rehearsed to its end
     */
    record Tried(Verdict verdict, Optional<Outcome> outcome) {}

    /** Recalls the executions of Maps' items, and whether they do the same; tells what is in the way. */
    private Optional<CannotTell> items(Recorded recorded, StateMachine machine) {
        for (var item : recorded.items) {
            switch (recall.of(item.start.executionArn(), machine)) {
                // It was given up before it was started.
                case Recalled.Not(var why) when why.reason() == Reason.BEGINNING_GONE -> item.same = true;
                case Recalled.Not(var why) -> {
                    return Optional.of(why);
                }
                case Recalled.Known(var own) -> {
                    var obstacle = items(own, machine);
                    if (obstacle.isPresent()) {
                        return obstacle;
                    }
                    item.same = own.same;
                    item.isGivenUp = own.isGivenUp;
                    recorded.same &= own.same;
                }
            }
        }
        return Optional.empty();
    }

    /** The execution of an item, rehearsed by itself: of a run and its items each has an order of steps of its own. */
    private Tried item(Recorded.Child item, StateMachine machine) {
        if (item.same) {
            return new Tried(new Verdict.Same(Map.of()), Optional.empty());
        }
        return switch (recall.of(item.start.executionArn(), machine)) {
            case Recalled.Not(var why) -> new Tried(why, Optional.empty());
            case Recalled.Known(var own) ->
                items(own, machine)
                        .map(obstacle -> new Tried(obstacle, Optional.empty()))
                        .orElseGet(() -> rehearse(own, machine));
        };
    }

    private Tried rehearse(Recorded recorded, StateMachine machine) {
        var matching = new Matching(recordedStates(recorded), otherStates);
        var following = new Following(recorded, matching, item -> item(item, machine));
        var setting = new Setting(recorded.identity, Map.of(), recorded.started, 0, recorded.limits, Setting.STEPS);
        var rehearsal = new Rehearsal(machine, setting, following, following, MemoryRows::new);
        rehearsal.start(recorded.start);
        var ending = ending(rehearsal, following);
        var unknown =
                following.cannotTell().or(() -> ending.flatMap(Trial::unended)).or(following::goingOn);
        return unknown.map(why -> new Tried(partly(recorded, following, why), Optional.empty()))
                .orElseGet(() -> new Tried(whole(recorded, following, matching, outcome(ending)), outcome(ending)));
    }

    /** How the rehearsal ends; empty if it asks for what was never recorded. */
    private static Optional<Ending> ending(Rehearsal rehearsal, Following following) {
        var ending = Optional.<Ending>empty();
        while (ending.isEmpty() && following.cannotTell().isEmpty()) {
            ending = rehearsal.advance();
        }
        return ending;
    }

    private Set<String> recordedStates(Recorded recorded) {
        return revisions
                .source(recorded.identity.stateMachineArn(), recorded.identity.revision())
                .map(source -> states(source.getDefinition()))
                .orElse(Set.of());
    }

    private static Optional<Outcome> outcome(Optional<Ending> ending) {
        return ending.flatMap(
                how -> how instanceof Ending.Ended(var outcome, var _) ? Optional.of(outcome) : Optional.empty());
    }

    private static Optional<CannotTell> unended(Ending ending) {
        return switch (ending) {
            case Ending.Ended _ -> Optional.empty();
            case Ending.Waiting(var tasks) ->
                Optional.of(new CannotTell(
                        Reason.NOT_ANSWERED,
                        tasks.isEmpty() ? "" : "state " + tasks.getFirst().state()));
            case Ending.OutOfSteps(var steps) -> Optional.of(new CannotTell(Reason.TOO_LARGE, steps + " steps"));
        };
    }

    /** It could not be rehearsed to its end; but it may have gone another way before. */
    private static Verdict partly(Recorded recorded, Following following, CannotTell why) {
        var ending = new Verdict.Ending(Shown.ending(recorded.outcome), "cannot be told");
        return following
                .ofAnItem()
                .map(difference -> difference.endingSo(ending))
                .or(() -> fork(recorded, following.way())
                        .filter(fork -> fork.there().isPresent())
                        .map(fork -> new Difference(
                                Kind.NEXT_STATE,
                                fork.state(),
                                fork.here().orElse("the end"),
                                fork.there().orElseThrow(),
                                ending)))
                .<Verdict>map(Verdict.Other::new)
                .orElse(recorded.outcome.isPresent() ? why : new CannotTell(Reason.UNFINISHED, ""));
    }

    /** Where two ways part; one that has not ended is gone on with, which is no other way. */
    private static Optional<Way.Fork> fork(Recorded recorded, Way rehearsed) {
        return recorded.way
                .forkTo(rehearsed)
                .filter(fork -> recorded.outcome.isPresent() || fork.here().isPresent());
    }

    private static Verdict whole(Recorded recorded, Following following, Matching matching, Optional<Outcome> outcome) {
        var ending = new Verdict.Ending(Shown.ending(recorded.outcome), Shown.ending(outcome));
        var way = following.way();
        return following
                .ofAnItem()
                .map(difference -> difference.endingSo(ending))
                .or(() -> fork(recorded, way)
                        .map(fork -> new Difference(
                                Kind.NEXT_STATE,
                                fork.state(),
                                fork.here().orElse("the end"),
                                fork.there().orElse("the end"),
                                ending)))
                .or(() -> following
                        .changed()
                        .map(input -> new Difference(
                                Kind.TASK_INPUT, input.state(), input.recorded(), input.rehearsed(), ending)))
                .or(() -> recorded.way
                        .otherAttempts(way)
                        .filter(_ -> recorded.outcome.isPresent())
                        .map(fork -> new Difference(
                                Kind.ATTEMPTS,
                                fork.state(),
                                fork.here().orElse(""),
                                fork.there().orElse(""),
                                ending)))
                .or(() -> following
                        .fewerItems()
                        .filter(_ -> recorded.outcome.isPresent())
                        .map(fork -> new Difference(
                                Kind.ITEMS,
                                fork.state(),
                                fork.here().orElse(""),
                                fork.there().orElse(""),
                                ending)))
                .or(() -> otherEnd(recorded, outcome, ending).filter(_ -> recorded.outcome.isPresent()))
                .<Verdict>map(Verdict.Other::new)
                .orElseGet(() -> recorded.outcome.isPresent()
                        ? new Verdict.Same(matching.renamed())
                        : new CannotTell(Reason.UNFINISHED, ""));
    }

    private static Optional<Difference> otherEnd(Recorded recorded, Optional<Outcome> outcome, Verdict.Ending ending) {
        if (!ending.recorded().equals(ending.rehearsed())) {
            return Optional.of(new Difference(Kind.STATUS, "the end", ending.recorded(), ending.rehearsed(), ending));
        }
        if (recorded.outcome.orElse(new Outcome.TimedOut()) instanceof Outcome.Succeeded(var before)
                && outcome.orElse(new Outcome.TimedOut()) instanceof Outcome.Succeeded(var after)
                && !Shown.data(before).equals(Shown.data(after))) {
            return Optional.of(new Difference(Kind.OUTPUT, "the end", Shown.text(before), Shown.text(after), ending));
        }
        return Optional.empty();
    }
}
