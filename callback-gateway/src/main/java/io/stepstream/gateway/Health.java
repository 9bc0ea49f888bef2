package io.stepstream.gateway;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.http.Json;
import java.util.List;
import java.util.function.Supplier;

/** Whether the process lives, whether it can serve, and what it serves in spite of. Open to everybody, and tells nothing secret. */
record Health(Supplier<Boolean> ready, Supplier<List<String>> warnings) implements HttpService {

    @Override
    public void routing(HttpRules rules) {
        rules.get("/live", (request, response) -> send(response, true, List.of()))
                .get("/ready", (request, response) -> send(response, ready.get(), warnings.get()));
    }

    private static void send(ServerResponse response, boolean well, List<String> warnings) {
        var body = Json.object().put("status", well ? "UP" : "DOWN");
        if (!warnings.isEmpty()) {
            warnings.forEach(body.putArray("warnings")::add);
        }
        response.status(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
        response.header("Content-Type", "application/json");
        response.header("Cache-Control", "no-store");
        response.send(Json.bytes(body));
    }
}
