package io.stepstream.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * The functions and queues that the recorded executions and scripts had in their account before they began. Here they are task names: registered as an account is set up,
 * since the recordings' runner plays cases of one name side by side and registers the name for the first of them only.
 */
final class RecordedAccount {
    private static final Pattern FUNCTION = Pattern.compile("(?:^|:)function:([^:]+)");
    private static final Pattern QUEUE = Pattern.compile("https://sqs[^/ \"]+/[0-9]{12}/([A-Za-z0-9_-]+)");
    private static final int AT_ONCE = 8;

    private RecordedAccount() {}

    /** Has a gateway know them all. */
    static void setUp(Path cases, URI gateway) throws IOException, InterruptedException, ExecutionException {
        try (var http = HttpClient.newHttpClient();
                var calls = Executors.newFixedThreadPool(AT_ONCE)) {
            var created = names(cases).stream()
                    .map(name -> HttpRequest.newBuilder(gateway)
                            .header("X-Amz-Target", "AWSStepFunctions.CreateActivity")
                            .header("Content-Type", "application/x-amz-json-1.0")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"%s\"}".formatted(name)))
                            .build())
                    .map(request -> calls.submit(() -> http.send(request, BodyHandlers.ofString())))
                    .toList();
            for (var call : created) {
                assertThat(call.get().statusCode()).as(call.get().body()).isEqualTo(200);
            }
        }
    }

    private static Set<String> names(Path cases) throws IOException {
        var json = new ObjectMapper();
        var names = new TreeSet<String>();
        try (var files = Files.list(cases)) {
            for (var file : files.toList()) {
                for (var line : Files.readAllLines(file)) {
                    QUEUE.matcher(line).results().map(queue -> queue.group(1)).forEach(names::add);
                    json.readTree(line)
                            .path("worker")
                            .fieldNames()
                            .forEachRemaining(function -> names.add(functionName(function)));
                }
            }
        }
        return names;
    }

    /** Functions are named by their ARN, part of it, or their name; a qualifier may follow. */
    private static String functionName(String function) {
        var named = FUNCTION.matcher(function);
        return named.find() ? named.group(1) : function.split(":")[0];
    }
}
