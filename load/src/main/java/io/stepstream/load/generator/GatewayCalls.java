package io.stepstream.load.generator;

import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.TaskRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Answers to tasks by the gateway's native API. Each call returns with the engine's verdict. */
final class GatewayCalls {
    private static final int OK = 200;

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    GatewayCalls(URI base) {
        this.base = base;
    }

    void succeed(TaskRequest request) throws IOException, InterruptedException {
        post("/v1/tasks/" + request.getToken() + "/success", Payloads.json(request.getInput()));
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("the gateway answers " + response.statusCode() + ": " + response.body());
        }
    }
}
