package io.stepstream.cli.run;

import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.HistoryEvent.Detail;
import io.stepstream.asl.rehearsal.Observer;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The history as a table for people, printed as it happens. */
public final class HistoryTable implements Observer {
    private static final int WIDTH = 100;
    private static final String NAME = "name";

    /** What is the same in every event of its kind, or longer than it is worth here; {@code --json} has it all. */
    private static final Set<String> LEFT_OUT = Set.of("roleArn", "resourceType", "region");

    private final PrintWriter out;
    private final Instant from;
    private final ExecutionIdentity first;

    public HistoryTable(PrintWriter out, ExecutionIdentity first, Instant from) {
        this.out = out;
        this.from = from;
        this.first = first;
        out.printf("%10s %5s  %-24s  %s%n", "time", "id", "event", "details");
    }

    @Override
    public void happened(ExecutionIdentity execution, Instant at, HistoryEvent event) {
        out.printf(
                "%10s %5d  %-24s  %s%n",
                time(Duration.between(from, at)),
                event.id(),
                event.type().wireName(),
                cut(of(execution) + words(event.details())));
        out.flush();
    }

    /** Whose event it is, if it is a child's. */
    private String of(ExecutionIdentity execution) {
        return execution.equals(first) ? "" : execution.stateMachineName() + "/" + execution.name() + ": ";
    }

    private static String words(Map<String, Detail> details) {
        var name = Optional.ofNullable(details.get(NAME)).map(detail -> words(NAME, detail));
        var others = details.entrySet().stream()
                .filter(detail -> !detail.getKey().equals(NAME) && !LEFT_OUT.contains(detail.getKey()))
                .map(detail -> words(detail.getKey(), detail.getValue()));
        return Stream.concat(name.stream(), others).collect(Collectors.joining("  "));
    }

    private static String words(String field, Detail detail) {
        return switch (detail) {
            case Detail.Text(var text) -> field.equals(NAME) ? text : field + " " + text;
            case Detail.Number(var number) -> field + " " + number;
            case Detail.Data(var document) -> field + " " + document.tree();
            case Detail.Fields(var fields) -> words(fields);
        };
    }

    private static String cut(String words) {
        var line = words.replaceAll("[\\r\\n\\t]+", " ");
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
    }

    /** Two units at most, as in {@code +3d 4h}: a rehearsal's times are read, not added up. */
    private static String time(Duration since) {
        if (since.toDays() > 0) {
            return "+" + since.toDays() + "d " + since.toHoursPart() + "h";
        }
        if (since.toHours() > 0) {
            return "+" + since.toHours() + "h " + since.toMinutesPart() + "m";
        }
        if (since.toMinutes() > 0) {
            return "+" + since.toMinutes() + "m " + since.toSecondsPart() + "s";
        }
        var millis = since.toMillisPart();
        return "+" + since.toSeconds() + (millis == 0 ? "" : "." + String.format("%03d", millis)) + "s";
    }
}
