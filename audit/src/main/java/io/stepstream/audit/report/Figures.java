package io.stepstream.audit.report;

import io.stepstream.audit.report.Approval.Outcome;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A report in numbers.
 *
 * @param all how many requests had each outcome
 * @param byApprover decisions by who made them, the busiest first
 * @param waits how long decisions took, in ranges
 * @param over outcomes over time, in days, weeks or months, those without any included
 * @param unit what those are
 * @param byMachine outcomes by state machine
 */
record Figures(
        Counts all, List<Group> byApprover, List<Group> waits, List<Group> over, String unit, List<Group> byMachine) {

    private static final int DAYS_BY_DAY = 31;
    private static final int DAYS_BY_WEEK = 26 * 7;
    /** Columns of a chart, at most: 20 years of months. */
    private static final int PERIODS = 240;

    private static final List<Range> RANGES = List.of(
            new Range("under 1 min", Duration.ofMinutes(1)),
            new Range("1–10 min", Duration.ofMinutes(10)),
            new Range("10–60 min", Duration.ofHours(1)),
            new Range("1–4 h", Duration.ofHours(4)),
            new Range("4–24 h", Duration.ofDays(1)),
            new Range("1–3 days", Duration.ofDays(3)),
            new Range("3–7 days", Duration.ofDays(7)),
            new Range("over 7 days", Duration.ofDays(Integer.MAX_VALUE)));

    private record Range(String name, Duration below) {}

    /** How many requests had each outcome. */
    record Counts(Map<Outcome, Integer> of) {
        int get(Outcome outcome) {
            return of.getOrDefault(outcome, 0);
        }

        int total() {
            return of.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * Some of the requests.
     *
     * @param median how long half of the decisions took at most, in the order of their length
     * @param slowest how long the slowest decision took
     */
    record Group(String name, Counts counts, Optional<Duration> median, Optional<Duration> slowest) {}

    static Figures of(List<Approval> approvals) {
        var decisions = approvals.stream()
                .filter(approval -> approval.outcome().isDecision())
                .toList();
        var ended = approvals.stream()
                .filter(approval -> approval.ended().isPresent())
                .toList();
        var unit = unit(ended);
        return new Figures(
                counts(approvals),
                sorted(grouped(decisions, Figures::approver)),
                waits(decisions),
                over(ended, unit),
                unit.name,
                sorted(grouped(approvals, Approval::stateMachine)));
    }

    private static String approver(Approval approval) {
        return approval.decider()
                .map(Approval.Decider::name)
                .filter(name -> !name.isEmpty())
                .orElse("(no name)");
    }

    private static Counts counts(List<Approval> approvals) {
        var counts = new EnumMap<Outcome, Integer>(Outcome.class);
        approvals.forEach(approval -> counts.merge(approval.outcome(), 1, Integer::sum));
        return new Counts(counts);
    }

    private static <K extends Comparable<? super K>> Map<K, List<Approval>> grouped(
            List<Approval> approvals, Function<Approval, K> by) {
        var groups = new TreeMap<K, List<Approval>>();
        approvals.forEach(approval -> groups.computeIfAbsent(by.apply(approval), _ -> new ArrayList<>())
                .add(approval));
        return groups;
    }

    private static List<Group> sorted(Map<String, List<Approval>> groups) {
        return groups.entrySet().stream()
                .map(group -> group(group.getKey(), group.getValue()))
                .sorted(Comparator.comparing((Group group) -> -group.counts().total()))
                .toList();
    }

    private static Group group(String name, List<Approval> approvals) {
        var waits = approvals.stream()
                .filter(approval -> approval.outcome().isDecision())
                .flatMap(approval -> approval.waited().stream())
                .sorted()
                .toList();
        return new Group(
                name,
                counts(approvals),
                waits.isEmpty() ? Optional.empty() : Optional.of(waits.get((waits.size() - 1) / 2)),
                waits.isEmpty() ? Optional.empty() : Optional.of(waits.getLast()));
    }

    private static List<Group> waits(List<Approval> decisions) {
        var ranges = new LinkedHashMap<Range, List<Approval>>();
        RANGES.forEach(range -> ranges.put(range, new ArrayList<>()));
        for (var decision : decisions) {
            var wait = decision.waited().orElse(Duration.ZERO);
            RANGES.stream()
                    .filter(range -> wait.compareTo(range.below()) < 0)
                    .findFirst()
                    .ifPresent(range -> ranges.computeIfAbsent(range, _ -> new ArrayList<>())
                            .add(decision));
        }
        return ranges.entrySet().stream()
                .map(range -> group(range.getKey().name(), range.getValue()))
                .toList();
    }

    /** What time is cut into. */
    private enum Unit {
        DAY("day", ChronoUnit.DAYS),
        WEEK("week", ChronoUnit.WEEKS),
        MONTH("month", ChronoUnit.MONTHS);

        private final String name;
        private final ChronoUnit length;

        Unit(String name, ChronoUnit length) {
            this.name = name;
            this.length = length;
        }

        LocalDate begin(Instant time) {
            var day = day(time);
            return switch (this) {
                case DAY -> day;
                case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTH -> day.withDayOfMonth(1);
            };
        }
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static Unit unit(List<Approval> ended) {
        var times = ended.stream()
                .flatMap(approval -> approval.ended().stream())
                .sorted()
                .toList();
        if (times.isEmpty()) {
            return Unit.DAY;
        }
        var days = ChronoUnit.DAYS.between(day(times.getFirst()), day(times.getLast()));
        return days < DAYS_BY_DAY ? Unit.DAY : days < DAYS_BY_WEEK ? Unit.WEEK : Unit.MONTH;
    }

    private static List<Group> over(List<Approval> ended, Unit unit) {
        var groups = grouped(ended, approval -> unit.begin(approval.ended().orElseThrow()));
        if (groups.isEmpty()) {
            return List.of();
        }
        var last = groups.keySet().stream().max(Comparator.naturalOrder()).orElseThrow();
        var periods = new ArrayList<Group>();
        for (var at = groups.keySet().stream().min(Comparator.naturalOrder()).orElseThrow();
                !at.isAfter(last) && periods.size() < PERIODS;
                at = at.plus(1, unit.length)) {
            periods.add(group(at.toString(), groups.getOrDefault(at, List.of())));
        }
        return periods;
    }
}
