package io.stepstream.orchestrator.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.stepstream.orchestrator.views.ViewsUnavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.apache.kafka.streams.state.HostInfo;

/** Passes a request on to the instance that holds its partition: once, since that one knows better or nobody does. */
final class Relay implements AutoCloseable {

    static final HeaderName PASSED_ON = HeaderNames.create("Stepstream-Passed-On");

    /** The other instance's second for freshness, and its two for a slow history; gateways wait for four. */
    private static final Duration PATIENCE = Duration.ofMillis(3_500);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final String authorization;

    Relay(String secret) {
        this.authorization = Bearer.header(secret);
    }

    /** Whether another instance has sent this: it wants to know what is here, and no more. */
    static boolean wasPassedOn(ServerRequest request) {
        return request.headers().contains(PASSED_ON);
    }

    Answer pass(ServerRequest request, HostInfo to) throws InterruptedException {
        if (wasPassedOn(request)) {
            throw new ViewsUnavailable("The partition has just moved; try again");
        }
        var query = request.query().isEmpty() ? "" : "?" + request.query().rawValue();
        var target = URI.create(
                "http://" + to.host() + ":" + to.port() + request.path().rawPath() + query);
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(target)
                            .timeout(PATIENCE)
                            .header("Authorization", authorization)
                            .header(PASSED_ON.defaultCase(), "1")
                            .build(),
                    BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new ViewsUnavailable("The instance at " + to.host() + ":" + to.port()
                    + ", which holds the partition, does not answer; try again");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
