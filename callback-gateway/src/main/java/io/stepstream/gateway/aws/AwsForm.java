package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/** The read side's JSON in AWS's form: dates as seconds, and the members that AWS adds. */
final class AwsForm {

    /** What {@code includeExecutionData: false} leaves out of an event's details. */
    private static final List<String> EXECUTION_DATA =
            List.of("input", "output", "parameters", "inputDetails", "outputDetails");

    /** AWS bills by 100 ms. */
    private static final int BILLED = 100;

    private static final int BILLED_MEMORY = 64;

    private AwsForm() {}

    /** Seconds since the epoch, with milliseconds as a fraction. */
    static BigDecimal seconds(Instant at) {
        return BigDecimal.valueOf(at.toEpochMilli(), 3);
    }

    static void toSeconds(ObjectNode object, String member) {
        if (object.hasNonNull(member)) {
            object.put(member, BigDecimal.valueOf(object.get(member).longValue(), 3));
        }
    }

    static ObjectNode execution(ObjectNode seen, Shown shown) {
        var output = common(seen, shown);
        toSeconds(output, "redriveDate");
        if (seen.hasNonNull("redriveObstacle")) {
            return output.put("redriveStatus", "NOT_REDRIVABLE")
                    .put("redriveStatusReason", seen.path("redriveObstacle").asText());
        }
        return output.put("redriveStatus", seen.hasNonNull("mapRunArn") ? "REDRIVABLE_BY_MAP_RUN" : "REDRIVABLE");
    }

    /** The answer of StartSyncExecution. */
    static ObjectNode syncExecution(ObjectNode seen, Shown shown) {
        var output = common(seen, shown);
        output.remove(List.of("redriveCount", "stateMachineVersionArn", "stateMachineAliasArn"));
        var millis = seen.path("stopDate").longValue() - seen.path("startDate").longValue();
        output.putObject("billingDetails")
                .put("billedDurationInMilliseconds", Math.max(1, (millis + BILLED - 1) / BILLED) * BILLED)
                .put("billedMemoryUsedInMB", BILLED_MEMORY);
        return output;
    }

    private static ObjectNode common(ObjectNode seen, Shown shown) {
        var output = seen.deepCopy();
        output.remove(List.of("revision", "kind", "pausedAt", "pausedBy", "redriveObstacle"));
        toSeconds(output, "startDate");
        toSeconds(output, "stopDate");
        for (var data : List.of("input", "output")) {
            if (output.hasNonNull(data)) {
                switch (shown) {
                    case ALL_DATA -> output.putObject(data + "Details").put("included", true);
                    case METADATA_ONLY -> {
                        output.remove(data);
                        output.putObject(data + "Details").put("included", false);
                    }
                }
            }
        }
        return output;
    }

    /** @param token makes the next page's token of its place */
    static ObjectNode executions(ObjectNode page, UnaryOperator<String> token) {
        var output = Json.object();
        var executions = output.putArray("executions");
        for (var listed : page.path("executions")) {
            var execution = (ObjectNode) listed.deepCopy();
            execution.remove(List.of("place", "error", "pausedAt", "pausedBy"));
            for (var date : List.of("startDate", "stopDate", "redriveDate")) {
                toSeconds(execution, date);
            }
            executions.add(execution);
        }
        if (page.hasNonNull("next")) {
            output.put("nextToken", token.apply(page.path("next").asText()));
        }
        return output;
    }

    /** @param token makes the next page's token of its last event's id */
    static ObjectNode history(ObjectNode seen, boolean includeExecutionData, LongFunction<String> token) {
        var output = Json.object();
        var events = output.putArray("events");
        var last = 0L;
        for (var event : seen.path("events")) {
            if (event instanceof ObjectNode object) {
                last = object.path("id").longValue();
                toSeconds(object, "timestamp");
                if (!includeExecutionData) {
                    object.forEach(AwsForm::withoutData);
                }
                events.add(object);
            }
        }
        if (seen.path("more").booleanValue()) {
            output.put("nextToken", token.apply(last));
        }
        return output;
    }

    private static void withoutData(com.fasterxml.jackson.databind.JsonNode details) {
        if (details instanceof ObjectNode object) {
            object.remove(EXECUTION_DATA);
        }
    }
}
