package io.stepstream.integrations.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.retry.Backoff;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts a request to an endpoint that the settings name: a workflow cannot make the notifier call any address it likes. The body is signed
 * with its time: {@code Stepstream-Signature: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hexadecimal>}.
 */
public final class WebhookNotifier implements TaskHandler<JsonNode>, AutoCloseable {

    /** The task's registered name. */
    public static final String TASK_NAME = "stepstream-notify-webhook";

    /** Worth another attempt. */
    static final String UNREACHABLE = "WebhookUnreachable";

    /** No attempt will do better. */
    static final String REFUSED = "WebhookRefused";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, NotifySettings.Endpoint> endpoints;
    private final Links links;
    private final Backoff backoff;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    WebhookNotifier(Map<String, NotifySettings.Endpoint> endpoints, Links links, Backoff backoff, Clock clock) {
        this.endpoints = Map.copyOf(endpoints);
        this.links = links;
        this.backoff = backoff;
        this.clock = clock;
    }

    @Override
    public @Nullable Object handle(JsonNode request, TaskContext task) throws TaskError {
        return notify(request, task.idempotencyKey(), task.executionArn(), task.state());
    }

    Map<String, Integer> notify(JsonNode request, String id, String executionArn, String state) throws TaskError {
        var name = request.path("endpoint").asText();
        var endpoint = Optional.ofNullable(endpoints.get(name))
                .orElseThrow(() ->
                        new PoisonousRequest(REFUSED, "'endpoint' names '" + name + "', which the notifier has not"));
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("execution", executionArn)
                .put("state", state);
        var data = request.deepCopy();
        if (data instanceof ObjectNode shown) {
            body.set("data", shown.without(List.of("taskToken", "endpoint")));
        }
        if (request.hasNonNull("taskToken")) {
            var approver = request.path("approver").asText();
            body.set("links", links.of(request, Optional.of(approver).filter(text -> !text.isEmpty())));
        }
        var status = new int[1];
        backoff.run(() -> status[0] = post(endpoint, id, body.toString()));
        return Map.of("status", status[0]);
    }

    private int post(NotifySettings.Endpoint endpoint, String id, String body) throws TaskError {
        var seconds = clock.instant().getEpochSecond();
        var request = HttpRequest.newBuilder(endpoint.uri())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id)
                .header("Stepstream-Signature", signature(endpoint.secret(), seconds, body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status;
        try {
            status = http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new TaskError(UNREACHABLE, "the webhook '" + endpoint.name() + "' does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskError(UNREACHABLE, "the notifier is stopping", e);
        }
        if (status == 408 || status == 429 || status >= 500) {
            throw new TaskError(UNREACHABLE, "the webhook '%s' answered %d".formatted(endpoint.name(), status));
        }
        if (status < 200 || status >= 300) {
            throw new PoisonousRequest(REFUSED, "the webhook '%s' answered %d".formatted(endpoint.name(), status));
        }
        return status;
    }

    static String signature(String secret, long seconds, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var digest = mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
