package io.stepstream.audit.whatif;

import io.stepstream.asl.execution.Effect;
import io.stepstream.audit.whatif.Recorded.Task;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which recorded task a task that is asked for now was: one of the same state and attempt, of the same branch and with the same input if
 * there is one; or, of a state that the recorded definition has not got, one with the same resource and input whose state the other
 * definition has not got. Each is used once.
 */
final class Matching {
    private final Set<String> recordedStates;
    private final Set<String> otherStates;
    /** By the names of the other definition, those of the recorded one. */
    private final Map<String, String> renamed = new HashMap<>();

    Matching(Set<String> recordedStates, Set<String> otherStates) {
        this.recordedStates = recordedStates;
        this.otherStates = otherStates;
    }

    /** The recorded task, if there is one. */
    Optional<Task> of(Effect.RequestTask request, List<Task> tasks) {
        var match = sameState(request, tasks).or(() -> renamed(request, tasks));
        match.ifPresent(task -> {
            task.used = true;
            if (!task.request.state().equals(request.state())) {
                renamed.put(request.state(), task.request.state());
            }
        });
        return match;
    }

    private Optional<Task> sameState(Effect.RequestTask request, List<Task> tasks) {
        var state = recordedName(request.state());
        var same = tasks.stream()
                .filter(task ->
                        !task.used && task.request.state().equals(state) && task.request.attempt() == request.attempt())
                .toList();
        var samePlace = same.stream()
                .filter(task -> task.request.path().equals(request.path()))
                .toList();
        // What runs in one branch runs in its order; so does, of equals, what does not.
        return (samePlace.isEmpty() ? same : samePlace)
                .stream().min(Comparator.comparing(task -> !sameInput(task, request)));
    }

    private Optional<Task> renamed(Effect.RequestTask request, List<Task> tasks) {
        if (recordedStates.contains(request.state())) {
            return Optional.empty();
        }
        return tasks.stream()
                .filter(task -> !task.used
                        && !otherStates.contains(task.request.state())
                        && task.request.resource().equals(request.resource())
                        && task.request.attempt() == request.attempt()
                        && sameInput(task, request))
                .findFirst();
    }

    static boolean sameInput(Task task, Effect.RequestTask request) {
        return Shown.data(task.request.input()).equals(Shown.data(request.input()));
    }

    /** The recorded name of a state. */
    String recordedName(String state) {
        return renamed.getOrDefault(state, state);
    }

    /** States that were matched by resource and input, by the recorded names. */
    Map<String, String> renamed() {
        return Map.copyOf(renamed);
    }
}
