package io.stepstream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.Trouble;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream purge}: destroys the data of a closed execution. */
@Command(
        name = "purge",
        description = "Destroys the data of a closed execution: its key, and with it all that is sealed under it.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it is purged, now or before", "1:it was refused", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class PurgeCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "ARN", description = "The execution's ARN.")
    private String arn = "";

    @Option(
            names = "--rows-only",
            description =
                    "Of an execution that is not sealed: delete what the engine keeps; its payloads stay in the history.")
    private boolean rowsOnly;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it goes into the history, for good.")
    private String reason = "";

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The gateway (default: ${DEFAULT-VALUE}, that of dev mode).")
    private URI gateway = URI.create("http://127.0.0.1:8080");

    private final PrintWriter out;

    PurgeCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!arn.startsWith("arn:")) {
            throw new Unusable(arn + " is no ARN of an execution");
        }
        var body = JSON.createObjectNode()
                .put("scope", rowsOnly ? "ROWS_ONLY" : "KEY_AND_ROWS")
                .put("reason", reason);
        var uri = gateway.resolve("/v1/executions/" + URLEncoder.encode(arn, StandardCharsets.UTF_8) + "/purge");
        var request = HttpRequest.newBuilder(uri)
                .timeout(LONGEST)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new Trouble("the gateway refuses to purge " + arn + ": " + detail(response));
            }
            out.println("purged " + arn + " at "
                    + JSON.readTree(response.body()).path("purgeDate").asText());
            return 0;
        } catch (IOException e) {
            throw new Trouble(
                    "the gateway at " + gateway + " does not answer (" + e + "); give its address by --gateway", e);
        }
    }

    private static String detail(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body()).path("detail").asText(response.body());
        } catch (JsonProcessingException e) {
            return response.statusCode() + " " + response.body();
        }
    }
}
