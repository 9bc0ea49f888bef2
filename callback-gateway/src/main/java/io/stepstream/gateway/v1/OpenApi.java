package io.stepstream.gateway.v1;

import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The native API's description: OpenAPI 3.1, written by hand, and held to the implementation by a test. */
final class OpenApi {

    private static final byte[] DOCUMENT = read();

    private OpenApi() {}

    static void send(ServerResponse response) {
        response.header("Content-Type", "application/json");
        response.send(DOCUMENT);
    }

    private static byte[] read() {
        try (var in = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing in the jar; build again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.json cannot be read from the jar", e);
        }
    }
}
