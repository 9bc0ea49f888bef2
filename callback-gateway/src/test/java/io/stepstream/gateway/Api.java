package io.stepstream.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A client of a gateway, as plain as can be. */
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI gateway;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Api(URI gateway) {
        this.gateway = gateway;
    }

    /** A status and a body. */
    record Reply(int status, String text, HttpResponse<String> response) {
        JsonNode json() throws IOException {
            return JSON.readTree(text);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** Sends a request to a path. {@code headers} are names and values in turn. */
    Reply send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        return send(method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers);
    }

    Reply post(String path, BodyPublisher body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    private Reply send(String method, String path, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve(path)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body(), response);
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    Reply post(String path, String json, String... headers) throws IOException, InterruptedException {
        return send("POST", path, json.replace('\'', '"'), headers);
    }

    Reply form(String path, String form, String... headers) throws IOException, InterruptedException {
        var all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/x-www-form-urlencoded";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, form, all);
    }

    /** Calls an operation of the AWS API. */
    Reply aws(String operation, String json) throws IOException, InterruptedException {
        return send(
                "POST",
                "/",
                json.replace('\'', '"'),
                "X-Amz-Target",
                "AWSStepFunctions." + operation,
                "Content-Type",
                "application/x-amz-json-1.0");
    }
}
