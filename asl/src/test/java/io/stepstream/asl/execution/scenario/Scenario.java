package io.stepstream.asl.execution.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An execution as text.
 *
 * <pre>
 * # Comment.
 * machine order.asl.json            (a file beside the scenario; or `machine`, followed by the definition itself)
 * unregistered audit                (task names that are not registered)
 * &gt; start {"id":1}              &lt; task#1 "charge" {"id":1}; timer#1 +30s
 * &gt; fail task#1 "boom" "why"    &lt; cancel timer#1; timer#2 +2s
 * &gt; advance 2s                  &lt; task#3 "charge" {"id":1}; timer#3 +30s
 * &gt; complete task#3 {"ok":true} &lt; cancel timer#3; succeeded {"ok":true}
 * </pre>
 *
 * The number after {@code #} is the ticket. What is to be seen may stand on lines of its own below the command. Inputs are {@code start},
 * {@code complete}, {@code fail}, {@code take}, {@code heartbeat}, {@code stop} and {@code advance}; outputs are those of
 * {@link Observation}.
 */
public record Scenario(String name, String definition, Set<String> unregistered, List<Line> lines) {

    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern TICKET = Pattern.compile("task#(\\d+)\\s*(.*)", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    /** One command and what is to be seen of it. */
    public record Line(int number, ScenarioDriver.Input input, List<String> expected) {}

    /** Reads a scenario file. */
    public static Scenario read(Path file) {
        try {
            return parse(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read scenario " + file, e);
        }
    }

    private static Scenario parse(Path file, List<String> text) throws IOException {
        var definition = new StringBuilder();
        var unregistered = new TreeSet<String>();
        var lines = new ArrayList<Line>();
        for (int i = 0; i < text.size(); i++) {
            var line = text.get(i).strip();
            if (line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("unregistered ")) {
                unregistered.addAll(List.of(line.substring(13).split("\\s+")));
            } else if (line.startsWith("machine ")) {
                definition.append(
                        Files.readString(file.resolveSibling(line.substring(8).strip())));
            } else if (line.startsWith(">")) {
                var parts = line.substring(1).split(" < ", 2);
                lines.add(new Line(i + 1, input(parts[0].strip()), new ArrayList<>()));
                if (parts.length > 1) {
                    lines.getLast().expected().addAll(observations(parts[1]));
                }
            } else if (line.startsWith("<")) {
                lines.getLast().expected().addAll(observations(line.substring(1)));
            } else if (!line.equals("machine") && lines.isEmpty()) {
                definition.append(line).append('\n');
            } else if (!line.isEmpty() && !line.equals("machine")) {
                throw new IllegalArgumentException(file + ":" + (i + 1) + ": neither > nor < nor #: " + line);
            }
        }
        var name = file.getFileName().toString().replace(".txt", "");
        return new Scenario(name, definition.toString(), unregistered, lines);
    }

    private static ScenarioDriver.Input input(String text) {
        var words = text.split("\\s+", 2);
        var rest = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "start" -> new ScenarioDriver.Input.Start(rest);
            case "complete" ->
                new ScenarioDriver.Input.Complete(
                        ticket(rest), ticketMatcher(rest).group(2));
            case "fail" -> new ScenarioDriver.Input.Fail(ticket(rest), string(rest, 0), string(rest, 1));
            case "take" -> new ScenarioDriver.Input.Take(ticket(rest), string(rest, 0));
            case "heartbeat" -> new ScenarioDriver.Input.Heartbeat(ticket(rest));
            case "stop" -> new ScenarioDriver.Input.Stop(string(rest, 0), string(rest, 1));
            case "advance" -> new ScenarioDriver.Input.Advance(duration(rest));
            default -> throw new IllegalArgumentException("no such input: " + text);
        };
    }

    private static Matcher ticketMatcher(String text) {
        var matcher = TICKET.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected task#<ticket>: " + text);
        }
        return matcher;
    }

    private static long ticket(String text) {
        return Long.parseLong(ticketMatcher(text).group(1));
    }

    private static Optional<String> string(String text, int index) {
        return STRING.matcher(text).results().skip(index).findFirst().map(match -> match.group(1));
    }

    /** A duration as scenarios write it: {@code 30s}, {@code 500ms}, {@code 2m}, {@code 1h}, {@code 14d}. */
    public static Duration duration(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration such as 30s, 500ms, 2m, 1h, 14d: " + text);
        }
        var amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** Splits at the semicolons that are not inside strings. */
    private static List<String> observations(String text) {
        var parts = new ArrayList<String>();
        var current = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && (i == 0 || text.charAt(i - 1) != '\\')) {
                quoted = !quoted;
            }
            if (c == ';' && !quoted) {
                parts.add(current.toString().strip());
                current.setLength(0);
            } else {
                current.append(c);
            }
        }
        parts.add(current.toString().strip());
        parts.removeIf(String::isEmpty);
        return parts;
    }
}
