package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StateMachinePaused;
import io.stepstream.schemas.avro.StateMachineResumed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What pauses of state machines hold (ADR 0051). Each partition is told of them by {@code internal}; between that and the other inputs there is
 * no order, so of a step it is only known of how many changes its partition must have been told by then, and of how many it can have been.
 */
final class Pauses {
    private final Consumer<Violation> violations;
    private final int partitions;
    private final Map<Told, List<Change>> changes = new HashMap<>();
    private final Map<Told, Integer> known = new HashMap<>();
    /** Whether the last that was asked of a state machine is that it be paused. */
    private final Map<String, Boolean> asked = new HashMap<>();

    private record Told(int partition, String stateMachineArn) {}

    private record Change(Place place, Instant appended, boolean paused, long sequence) {}

    private Pauses(int partitions, Consumer<Violation> violations) {
        this.partitions = partitions;
        this.violations = violations;
    }

    static Pauses read(Recording recording, RecordCodec codec, Consumer<Violation> violations) {
        var pauses = new Pauses(recording.partitions(), violations);
        recording.read(Topics.COMMANDS, record -> {
            switch (Asked.decode(codec, record, Command.class).getBody()) {
                case PauseStateMachine pause -> pauses.asked.put(pause.getStateMachineArn(), true);
                case ResumeStateMachine resume -> pauses.asked.put(resume.getStateMachineArn(), false);
                default -> {}
            }
        });
        recording.read(Topics.INTERNAL, record -> {
            switch (Asked.decode(codec, record, Internal.class).getBody()) {
                case StateMachinePaused paused ->
                    pauses.told(record, paused.getStateMachineArn(), true, paused.getSequence());
                case StateMachineResumed resumed ->
                    pauses.told(record, resumed.getStateMachineArn(), false, resumed.getSequence());
                default -> {}
            }
        });
        return pauses;
    }

    private void told(LogRecord record, String arn, boolean paused, long sequence) {
        var all = changes.computeIfAbsent(new Told(record.partition(), arn), _ -> new ArrayList<>());
        if (all.isEmpty() || all.getLast().sequence() < sequence) {
            all.add(new Change(
                    new Place(Topics.INTERNAL, record.partition(), record.offset()),
                    Instant.ofEpochMilli(record.timestamp()),
                    paused,
                    sequence));
        }
    }

    /**
     * Judges whether a step can have taken its state machine for paused, or for not paused, as it says. The steps of a partition come in
     * their order.
     *
     * @param command where its command is, if it is in a topic
     */
    void step(Place place, String id, String stateMachineArn, HistoryRecord record, Optional<Place> command) {
        var key = new Told(place.partition(), stateMachineArn);
        var told = changes.getOrDefault(key, List.of());
        var before = command.filter(at -> at.topic().equals(Topics.INTERNAL) && at.partition() == place.partition());
        var least = Math.max(known.getOrDefault(key, 0), (int) told.stream()
                .filter(change -> before.filter(at -> change.place().offset() < at.offset())
                        .isPresent())
                .count());
        var most = (int) told.stream()
                .filter(change -> !change.appended().isAfter(record.getNow()))
                .count();
        for (var number = least; number <= Math.max(least, most); number++) {
            if (isPausedAfter(told, number) == record.getStateMachinePaused()) {
                known.put(key, number);
                return;
            }
        }
        violated(
                place,
                id,
                "its state machine was taken for " + (record.getStateMachinePaused() ? "paused" : "not paused")
                        + ", which it was neither by what the partition had been told last ("
                        + (least == 0 ? "nothing" : told.get(least - 1).place()) + ") nor by anything told since");
    }

    private static boolean isPausedAfter(List<Change> told, int number) {
        return number > 0 && told.get(number - 1).paused();
    }

    /** At rest, every partition has been told the same, and at last what was asked last. */
    void check(Consumer<Violation> unfinished) {
        asked.forEach((arn, paused) -> {
            for (var partition = 0; partition < partitions; partition++) {
                var told = changes.getOrDefault(new Told(partition, arn), List.of());
                var first = changes.getOrDefault(new Told(0, arn), List.of());
                var last = new Place(
                        Topics.INTERNAL,
                        partition,
                        told.isEmpty() ? 0 : told.getLast().place().offset());
                if (isPausedAfter(told, told.size()) != paused) {
                    unfinished.accept(new Violation(
                            Rule.PAUSE,
                            last,
                            arn,
                            "the last that this partition was told is not that it is " + (paused ? "paused" : "resumed")
                                    + ", as was asked last"));
                }
                if (!told.stream()
                        .map(Change::sequence)
                        .toList()
                        .equals(first.stream().map(Change::sequence).toList())) {
                    violated(
                            last,
                            arn,
                            "this partition was told of " + told.size() + " pauses and resumes, and partition 0 of "
                                    + first.size() + ", or of others");
                }
            }
        });
    }

    private void violated(Place place, String execution, String what) {
        violations.accept(new Violation(Rule.PAUSE, place, execution, what));
    }
}
