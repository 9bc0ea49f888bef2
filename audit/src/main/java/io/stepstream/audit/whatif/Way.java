package io.stepstream.audit.whatif;

import io.stepstream.asl.execution.HistoryEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which way an execution went: from which state to which, and how often each asked for a task. Two ways are compared without regard to
 * what went on at the same time, since the order of branches is chance: as collections of passages, not as lists.
 */
final class Way {
    /** What comes before the first state. */
    static final String START = "the start";

    private final List<Passage> passages = new ArrayList<>();
    private final Map<String, Integer> asked = new HashMap<>();
    /** By execution and event: the state that an event belongs to. */
    private final Map<String, Map<Long, String>> states = new HashMap<>();

    /** From a state to the next. */
    record Passage(String from, String to) {}

    /** Takes a history event. */
    void add(String execution, HistoryEvent event) {
        var type = event.type().wireName();
        var name = event.details().get("name") instanceof HistoryEvent.Detail.Text(var text)
                ? Optional.of(text)
                : Optional.<String>empty();
        var known = states.computeIfAbsent(execution, _ -> new HashMap<>());
        var before = known.getOrDefault(event.previousEventId(), START);
        var state = name.filter(_ -> type.endsWith("StateEntered") || type.endsWith("StateExited"))
                .orElse(before);
        if (type.endsWith("StateEntered")) {
            passages.add(new Passage(before, state));
        } else if (type.endsWith("Scheduled")) {
            asked.merge(state, 1, Integer::sum);
        }
        known.put(event.id(), state);
    }

    /** This way with its states named otherwise. */
    Way renamed(UnaryOperator<String> names) {
        var way = new Way();
        passages.forEach(
                passage -> way.passages.add(new Passage(names.apply(passage.from()), names.apply(passage.to()))));
        asked.forEach((state, times) -> way.asked.merge(names.apply(state), times, Integer::sum));
        return way;
    }

    /** Where two ways part. */
    record Fork(String state, Optional<String> here, Optional<String> there) {}

    /** Where another way parts from this one for the first time; empty if it does not. */
    Optional<Fork> forkTo(Way other) {
        var missing = without(other);
        var added = other.without(this);
        if (added.isEmpty()) {
            return missing.stream()
                    .findFirst()
                    .map(passage -> new Fork(passage.from(), Optional.of(passage.to()), Optional.empty()));
        }
        // The first passage that is new from a state where an old one is missing is where they part; what follows is
        // its consequence.
        var first = added.stream()
                .filter(passage -> missing.stream().anyMatch(gone -> gone.from().equals(passage.from())))
                .findFirst()
                .orElse(added.getFirst());
        return Optional.of(new Fork(
                first.from(),
                missing.stream()
                        .filter(passage -> passage.from().equals(first.from()))
                        .findFirst()
                        .map(Passage::to),
                Optional.of(first.to())));
    }

    /** The passages that another way has not got, or not as often. */
    private List<Passage> without(Way other) {
        var left = new HashMap<Passage, Integer>();
        other.passages.forEach(passage -> left.merge(passage, 1, Integer::sum));
        var missing = new ArrayList<Passage>();
        for (var passage : passages) {
            var count = left.getOrDefault(passage, 0);
            if (count == 0) {
                missing.add(passage);
            } else {
                left.put(passage, count - 1);
            }
        }
        return missing;
    }

    /** A state that asks for its task another number of times, with how often here and there. */
    Optional<Fork> otherAttempts(Way other) {
        return asked.entrySet().stream()
                .filter(state -> !state.getValue().equals(other.asked.getOrDefault(state.getKey(), 0)))
                .map(state -> new Fork(
                        state.getKey(),
                        Optional.of(times(state.getValue())),
                        Optional.of(times(other.asked.getOrDefault(state.getKey(), 0)))))
                .findFirst();
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
