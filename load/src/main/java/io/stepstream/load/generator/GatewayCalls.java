package io.stepstream.load.generator;

import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.TaskRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What clients ask of the gateway's native API. Each call returns with the engine's verdict. */
final class GatewayCalls {
    private static final int CREATED = 201;
    private static final int OK = 200;

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    GatewayCalls(URI base) {
        this.base = base;
    }

    void start(Script script, String name, String input) throws IOException, InterruptedException {
        post(
                "/v1/executions",
                "{\"stateMachine\":\"" + script.machine() + "\",\"name\":\"" + name + "\",\"input\":" + input + "}",
                CREATED);
    }

    void succeed(TaskRequest request) throws IOException, InterruptedException {
        post("/v1/tasks/" + request.getToken() + "/success", Payloads.json(request.getInput()), OK);
    }

    private void post(String path, String body, int expected) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new IOException("the gateway answers " + response.statusCode() + ": " + response.body());
        }
    }
}
