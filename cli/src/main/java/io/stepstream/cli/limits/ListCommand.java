package io.stepstream.cli.limits;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.cli.GatewayOptions;
import io.stepstream.cli.NativeApi;
import java.io.PrintWriter;
import java.net.http.HttpRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stepstream limits list}. */
@Command(
        name = "list",
        description = "Lists limits, how many run, and how many wait.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:here they are", "1:the gateway could not be asked", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    private static final String ROW = "%-13s  %-40s  %7s  %7s  %6s";

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    private final PrintWriter out;

    ListCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        out.println(ROW.formatted("of", "name", "at most", "running", "queued"));
        var after = "";
        for (var more = true; more; ) {
            var page = NativeApi.json(
                    gateway.ask("/v1/limits?after=" + NativeApi.encoded(after), HttpRequest.Builder::GET));
            for (var limit : page.path("limits")) {
                out.println(row(limit));
                after = limit.path("key").asText();
            }
            more = page.path("more").asBoolean();
        }
        return 0;
    }

    /** One that was removed is listed until what it counts is over. */
    private static String row(JsonNode limit) {
        var isTask = limit.has("task");
        return ROW.formatted(
                isTask ? "task" : "state machine",
                limit.path(isTask ? "task" : "stateMachine").asText(),
                limit.path(isTask ? "maxConcurrency" : "maxConcurrentExecutions")
                        .asText("-"),
                limit.path("running").asText(),
                limit.path("queued").asText());
    }
}
