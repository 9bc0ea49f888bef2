package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.chaos.check.Asked.Wait;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What limits let begin (ADR 0052): everything that has asked its turn, in the order in which that is in the home's partition, and never
 * more at once than may be. The homes' own decisions are in no log; what they send is.
 */
final class Turns {
    /** For so long after a limit was changed the one before it may still be what its home knows. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);

    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private final Consumer<Violation> violations;
    private final Map<String, TreeMap<Instant, Integer>> limits = new HashMap<>();
    private final Map<Wait, Asking> asked = new LinkedHashMap<>();

    /** One that has asked. */
    private static final class Asking {
        final String limit;
        final Place place;
        final @Nullable TaskRequest request;
        Optional<Begun> begun = Optional.empty();
        Optional<Instant> ended = Optional.empty();

        Asking(String limit, Place place, @Nullable TaskRequest request) {
            this.limit = limit;
            this.place = place;
            this.request = request;
        }
    }

    /** What it was let begin by. */
    private record Begun(Place place, Instant at) {}

    private Turns(Consumer<Violation> violations) {
        this.violations = violations;
    }

    static Turns read(Recording recording, RecordCodec codec, Consumer<Violation> violations) {
        var turns = new Turns(violations);
        recording.read(Topics.COMMANDS, record -> {
            var at = Instant.ofEpochMilli(record.timestamp());
            switch (Asked.decode(codec, record, Command.class).getBody()) {
                case LimitTask limit -> turns.limited(LimitKeys.task(limit.getName()), limit.getMaxConcurrency(), at);
                case LimitStateMachine limit ->
                    turns.limited(limit.getStateMachineArn(), limit.getMaxConcurrentExecutions(), at);
                default -> {}
            }
        });
        recording.read(
                Topics.INTERNAL,
                record -> turns.take(Asked.decode(codec, record, Internal.class).getBody(), record));
        return turns;
    }

    private void limited(String key, @Nullable Integer max, Instant at) {
        limits.computeIfAbsent(key, _ -> new TreeMap<>()).put(at, max == null ? ANY_NUMBER : max);
    }

    private void take(Object body, LogRecord record) {
        switch (body) {
            case AskForTurn ask -> {
                var place = place(Topics.INTERNAL, record);
                var before = asked.putIfAbsent(
                        new Wait(ask.getExecutionId(), ask.getTicket()),
                        new Asking(ask.getLimit(), place, ask.getRequest()));
                if (before != null) {
                    violated(
                            place, ask.getExecutionId(), "ticket " + ask.getTicket() + " has asked at " + before.place);
                }
            }
            case EndTurn end -> {
                var wait = new Wait(end.getExecutionId(), end.getTicket());
                Optional.ofNullable(asked.get(wait))
                        .ifPresentOrElse(
                                asking -> asking.ended = Optional.of(Instant.ofEpochMilli(record.timestamp())),
                                () -> violated(
                                        place(Topics.INTERNAL, record),
                                        wait.executionId(),
                                        "ticket " + wait.ticket() + " gives back a turn that it has not asked for"));
            }
            default -> {}
        }
    }

    private static Place place(String topic, LogRecord record) {
        return new Place(topic, record.partition(), record.offset());
    }

    /** Whether this request is one that a limit has let through, for the first time. */
    boolean lets(TaskRequest request, long ticket, String topic, LogRecord record) {
        var asking = asked.get(new Wait(request.getExecutionId(), ticket));
        return asking != null && request.equals(asking.request) && begins(asking, topic, record);
    }

    /** Whether this is an execution's turn that a limit has let begin, for the first time. */
    boolean lets(ContinueExecution goOn, LogRecord record) {
        var asking = asked.get(new Wait(record.keyText(), goOn.getTicket()));
        return asking != null && asking.request == null && begins(asking, Topics.INTERNAL, record);
    }

    private static boolean begins(Asking asking, String topic, LogRecord record) {
        if (asking.begun.isPresent()) {
            return false;
        }
        asking.begun = Optional.of(new Begun(place(topic, record), Instant.ofEpochMilli(record.timestamp())));
        return true;
    }

    /** How many have asked, and neither had their turn nor given up. */
    int queued() {
        return (int) asked.values().stream()
                .filter(asking -> asking.begun.isEmpty() && asking.ended.isEmpty())
                .count();
    }

    /**
     * Judges it all, once everything that was let begin is known.
     *
     * @param unfinished takes what is wrong only if nothing more comes
     */
    void check(Consumer<Violation> unfinished) {
        var byLimit = new LinkedHashMap<String, List<Map.Entry<Wait, Asking>>>();
        asked.entrySet()
                .forEach(entry -> byLimit.computeIfAbsent(entry.getValue().limit, _ -> new ArrayList<>())
                        .add(entry));
        byLimit.forEach((limit, all) -> {
            all.stream()
                    .filter(entry -> entry.getValue().ended.isEmpty())
                    .forEach(entry -> unfinished.accept(new Violation(
                            Rule.LIMIT,
                            entry.getValue().place,
                            entry.getKey().executionId(),
                            "ticket " + entry.getKey().ticket() + " "
                                    + (entry.getValue().begun.isPresent() ? "keeps its turn" : "still waits")
                                    + " at the limit " + limit + ", and nothing goes on any more")));
            inOrder(limit, all);
            noneIsPassedOver(limit, all);
            withinLimit(limit, all);
        });
    }

    /** In each partition that a limit sends to: no order holds between two. */
    private void inOrder(String limit, List<Map.Entry<Wait, Asking>> all) {
        var last = new HashMap<String, Begun>();
        for (var entry : all) {
            var begun = entry.getValue().begun;
            if (begun.isEmpty()) {
                continue;
            }
            var place = begun.get().place();
            var before = last.put(place.topic() + ' ' + place.partition(), begun.get());
            if (before != null && before.place().offset() > place.offset()) {
                violated(
                        place,
                        entry.getKey().executionId(),
                        "ticket " + entry.getKey().ticket() + " has had its turn before that of " + before.place()
                                + ", which had asked the limit " + limit + " before");
            }
        }
    }

    /** One that waited on while another one that had asked later had its turn. */
    private void noneIsPassedOver(String limit, List<Map.Entry<Wait, Asking>> all) {
        Optional<Begun> later = Optional.empty();
        for (var entry : all.reversed()) {
            var asking = entry.getValue();
            if (asking.begun.isPresent()) {
                var begun = asking.begun.get();
                later = later.filter(other -> other.at().isBefore(begun.at())).or(() -> asking.begun);
            } else if (later.filter(other ->
                            asking.ended.filter(at -> !at.isAfter(other.at())).isEmpty())
                    .isPresent()) {
                violated(
                        asking.place,
                        entry.getKey().executionId(),
                        "ticket " + entry.getKey().ticket() + " never had its turn at the limit " + limit + ", and "
                                + later.get().place() + " had, which asked later");
            }
        }
    }

    private record Change(Instant at, int by, Wait of, Place place) {}

    /** A turn that is over has been given back before the next one is given: in doubt, what has the same time ended first. */
    private void withinLimit(String limit, List<Map.Entry<Wait, Asking>> all) {
        var changes = new ArrayList<Change>();
        for (var entry : all) {
            entry.getValue().begun.ifPresent(begun -> {
                changes.add(new Change(begun.at(), 1, entry.getKey(), begun.place()));
                entry.getValue()
                        .ended
                        .map(at -> at.isBefore(begun.at()) ? begun.at() : at)
                        .ifPresent(at -> changes.add(new Change(at, -1, entry.getKey(), begun.place())));
            });
        }
        changes.sort(Comparator.comparing(Change::at).thenComparing(Change::by));
        var running = 0;
        for (var change : changes) {
            running += change.by();
            var most = most(limit, change.at());
            if (change.by() > 0 && running > most) {
                violated(
                        change.place(),
                        change.of().executionId(),
                        "ticket " + change.of().ticket() + " is the " + running + ". at once at the limit " + limit
                                + ", which lets " + most + " begin");
            }
        }
    }

    /** The most that the limit allowed then, or lately. */
    private int most(String limit, Instant at) {
        var set = limits.getOrDefault(limit, new TreeMap<>());
        var lately = set.floorKey(at.minus(TOLD_WITHIN));
        return set.subMap(lately == null ? Instant.EPOCH : lately, true, at, true).values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(ANY_NUMBER);
    }

    private void violated(Place place, String execution, String what) {
        violations.accept(new Violation(Rule.LIMIT, place, execution, what));
    }
}
