package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** The read side's JSON in AWS's form: dates as seconds, and the members that AWS adds. */
final class AwsForm {

    /** What {@code includeExecutionData: false} leaves out of an event's details. */
    private static final List<String> EXECUTION_DATA =
            List.of("input", "output", "parameters", "inputDetails", "outputDetails");

    private AwsForm() {}

    /** Seconds since the epoch, with milliseconds as a fraction. */
    static BigDecimal seconds(Instant at) {
        return BigDecimal.valueOf(at.toEpochMilli(), 3);
    }

    private static void toSeconds(ObjectNode object, String member) {
        if (object.hasNonNull(member)) {
            object.put(member, BigDecimal.valueOf(object.get(member).longValue(), 3));
        }
    }

    static ObjectNode execution(ObjectNode seen) {
        var status = seen.path("status").asText();
        var output = seen.deepCopy();
        output.remove("revision");
        toSeconds(output, "startDate");
        toSeconds(output, "stopDate");
        for (var data : List.of("input", "output")) {
            if (output.hasNonNull(data)) {
                output.putObject(data + "Details").put("included", true);
            }
        }
        return output.put("redriveCount", 0)
                .put("redriveStatus", "NOT_REDRIVABLE")
                .put("redriveStatusReason", "Execution is %s and cannot be redriven".formatted(status));
    }

    static ObjectNode history(ObjectNode seen, HistoryPage page, boolean includeExecutionData) {
        var output = Json.object();
        var events = output.putArray("events");
        var last = page.after();
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
            output.put("nextToken", new HistoryPage(page.arn(), last, page.reverse()).text());
        }
        return output;
    }

    private static void withoutData(com.fasterxml.jackson.databind.JsonNode details) {
        if (details instanceof ObjectNode object) {
            object.remove(EXECUTION_DATA);
        }
    }
}
