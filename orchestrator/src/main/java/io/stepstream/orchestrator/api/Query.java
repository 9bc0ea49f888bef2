package io.stepstream.orchestrator.api;

import io.helidon.webserver.http.ServerRequest;
import io.stepstream.orchestrator.views.HistoryPage.Order;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** A question about one execution, read from its request. */
sealed interface Query {

    /** AWS's page size at most, and when none is asked for. */
    int MAX_EVENTS = 1000;

    int EVENTS = 100;

    /** Gateways wait for four seconds, and so does a relay. */
    Duration LONGEST_WAIT = Duration.ofSeconds(2);

    Pattern EXECUTION_ID = Pattern.compile("[0-9a-f]{32}");

    /** The execution asked about. */
    String executionId();

    /** The last status; given a time, once the execution has ended or that is over. */
    record Status(String executionId, Optional<Duration> endedWithin) implements Query {}

    /** Some history events. */
    record History(String executionId, long after, int limit, Order order) implements Query {}

    /** One task. */
    record Task(String executionId, long ticket) implements Query {}

    /** The Map runs of an execution. */
    record MapRuns(String executionId) implements Query {}

    static MapRuns mapRuns(ServerRequest request) {
        return new MapRuns(executionId(request));
    }

    static Status status(ServerRequest request) {
        var wait = request.query().first("endedWithin").asOptional();
        return new Status(
                executionId(request),
                wait.map(millis -> Duration.ofMillis(number("endedWithin", millis, 0, LONGEST_WAIT.toMillis()))));
    }

    static History history(ServerRequest request) {
        var query = request.query();
        var reverse = query.first("reverse").orElse("false");
        var order = switch (reverse) {
            case "false" -> Order.OLDEST_FIRST;
            case "true" -> Order.NEWEST_FIRST;
            default -> throw new BadQuery("reverse=" + reverse + ": give true or false");
        };
        return new History(
                executionId(request),
                number("after", query.first("after").orElse("0"), 0, Long.MAX_VALUE - 1),
                (int) number("limit", query.first("limit").orElse(Integer.toString(EVENTS)), 1, MAX_EVENTS),
                order);
    }

    static Task task(ServerRequest request) {
        var ticket = request.path().pathParameters().get("ticket");
        return new Task(executionId(request), number("ticket", ticket, 0, Long.MAX_VALUE));
    }

    private static String executionId(ServerRequest request) {
        var id = request.path().pathParameters().get("executionId");
        if (!EXECUTION_ID.matcher(id).matches()) {
            throw new BadQuery("executionId " + id + ": give 32 lower-case hexadecimal digits");
        }
        return id;
    }

    static long number(String name, String text, long min, long max) {
        try {
            var number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number out of range is.
        }
        throw new BadQuery(name + "=" + text + ": give a whole number from " + min + " to " + max);
    }
}
