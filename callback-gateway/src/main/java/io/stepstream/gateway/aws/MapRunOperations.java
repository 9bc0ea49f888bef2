package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.MapRuns;
import io.stepstream.gateway.engine.ResourceArns;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.StatesArn;
import java.util.List;
import java.util.Map;

/** Operations on Map runs. */
final class MapRunOperations {
    private final MapRuns mapRuns;
    private final Pages pages;

    MapRunOperations(MapRuns mapRuns, Pages pages) {
        this.mapRuns = mapRuns;
        this.pages = pages;
    }

    Map<String, Operation> byName() {
        return Map.of(
                "DescribeMapRun", returning(this::describe),
                "ListMapRuns", returning(this::list),
                "UpdateMapRun", returning(this::update));
    }

    private static StatesArn.MapRun arn(AwsParameters parameters) throws ApiException {
        return ResourceArns.of(StatesArn.MapRun.class, parameters.required("mapRunArn"));
    }

    private ObjectNode describe(AwsParameters parameters, Sender sender) throws ApiException {
        return described(mapRuns.describe(arn(parameters)));
    }

    static ObjectNode described(ObjectNode run) {
        var output = Json.object()
                .put("mapRunArn", run.path("mapRunArn").asText())
                .put("executionArn", run.path("executionArn").asText())
                .put("status", run.path("status").asText());
        dates(run, output);
        output.put("maxConcurrency", run.path("maxConcurrency").asInt())
                .put("toleratedFailureCount", run.path("toleratedFailureCount").asLong())
                .put(
                        "toleratedFailurePercentage",
                        run.path("toleratedFailurePercentage").asDouble())
                .put("redriveCount", run.path("redriveCount").asInt());
        var started = run.path("started").asLong();
        itemCounts(run, output.putObject("itemCounts"));
        counts(run, output.putObject("executionCounts")).put("pending", 0).put("total", started);
        return output;
    }

    /** Items by how the children ended that they were given to; what cancelled children had is what is left of a run that has ended. */
    private static void itemCounts(ObjectNode run, ObjectNode counts) {
        var taken = run.path("taken").asLong();
        var succeeded = run.path("itemsSucceeded").asLong();
        var failed = run.path("itemsFailed").asLong();
        var timedOut = run.path("itemsTimedOut").asLong();
        var told = succeeded + failed + timedOut;
        var goesOn = run.path("status").asText().equals("RUNNING");
        var aborted = goesOn ? run.path("itemsAborted").asLong() : taken - told;
        var written = run.path("written").asLong();
        counts.put("succeeded", succeeded)
                .put("failed", failed)
                .put("timedOut", timedOut)
                .put("aborted", aborted)
                .put("running", taken - told - aborted)
                .put(
                        "resultsWritten",
                        written > 0 && written >= run.path("started").asLong() ? taken : written)
                .put("failuresNotRedrivable", notRedrivable(run, failed + timedOut + aborted))
                .put("pendingRedrive", 0)
                .put("pending", run.path("read").asLong() - taken)
                .put("total", run.path("read").asLong());
    }

    private static ObjectNode counts(ObjectNode run, ObjectNode counts) {
        var succeeded = run.path("succeeded").asLong();
        counts.put("succeeded", succeeded);
        var failures = 0L;
        for (var how : List.of("failed", "timedOut", "aborted")) {
            failures += run.path(how).asLong();
            counts.put(how, run.path(how).asLong());
        }
        var toRedrive = run.path("pendingRedrive").asLong();
        return counts.put("running", run.path("started").asLong() - succeeded - failures - toRedrive)
                .put("resultsWritten", run.path("written").asLong())
                .put("failuresNotRedrivable", notRedrivable(run, failures))
                .put("pendingRedrive", toRedrive);
    }

    /** Some cannot be redriven, as the last redrive has told; after the time for it, none can. */
    private static long notRedrivable(ObjectNode run, long failures) {
        return run.path("redriveIsOver").asBoolean()
                ? failures
                : run.path("notRedrivable").asLong();
    }

    private static void dates(ObjectNode run, ObjectNode output) {
        output.set("startDate", run.get("startDate"));
        if (run.hasNonNull("stopDate")) {
            output.set("stopDate", run.get("stopDate"));
        }
        if (run.hasNonNull("redriveDate")) {
            output.set("redriveDate", run.get("redriveDate"));
            AwsForm.toSeconds(output, "redriveDate");
        }
        AwsForm.toSeconds(output, "startDate");
        AwsForm.toSeconds(output, "stopDate");
    }

    private ObjectNode list(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn"));
        var runs = mapRuns.of(arn);
        return pages.page(
                parameters,
                "ListMapRuns " + arn,
                "mapRuns",
                place -> place.isEmpty() ? runs : Pages.behind(runs, place, MapRunOperations::place),
                MapRunOperations::place,
                MapRunOperations::listed);
    }

    private static String place(ObjectNode run) {
        return run.path("mapRunArn").asText();
    }

    private static ObjectNode listed(ObjectNode run) {
        var arn = place(run);
        var output = Json.object()
                .put("executionArn", run.path("executionArn").asText())
                .put("mapRunArn", arn)
                .put(
                        "stateMachineArn",
                        arn.substring(0, arn.lastIndexOf(':')).replaceFirst(":mapRun:", ":stateMachine:"));
        dates(run, output);
        return output;
    }

    private ObjectNode update(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = arn(parameters);
        mapRuns.update(
                sender,
                arn,
                new MapRuns.Bounds(
                        parameters.optionalNumber("maxConcurrency", Integer.MAX_VALUE),
                        parameters
                                .optionalNumber("toleratedFailureCount", Integer.MAX_VALUE)
                                .map(Integer::longValue),
                        parameters.percentage("toleratedFailurePercentage")));
        return Json.object();
    }
}
