package io.stepstream.integrations.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.api.WebClientConfig;
import io.stepstream.integrations.retry.Backoff;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does {@code arn:aws:states:::http:invoke}: calls an address that the settings allow, and answers as AWS does. Errors are AWS's
 * ({@code States.Http.StatusCode.404}, {@code States.Http.Socket}); what may not be called at all is {@code Stepstream.HttpRefused}.
 */
public final class HttpInvoke implements TaskHandler<JsonNode> {

    /** The task's registered name. */
    public static final String TASK_NAME = "http-invoke";

    static final String REFUSED = "Stepstream.HttpRefused";
    static final String SOCKET = "States.Http.Socket";
    static final String STATUS = "States.Http.StatusCode.";

    private static final String TOO_LONG = "States.DataLimitExceeded";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_REDIRECTS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpSettings settings;
    private final Backoff backoff;
    private final Limits limits;
    private final WebClient toPublic;
    private final WebClient toPrivate;

    /**
     * What one task may take.
     *
     * @param time of one attempt, AWS's 60 s by default
     * @param bytes of a response's body, most of what a payload may have
     */
    record Limits(Duration time, int bytes) {
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(60), 250_000);
    }

    /** A response that was read. */
    private record Answer(int status, String reason, ObjectNode headers, String contentType, String body) {}

    /** What an attempt came to that is not worth another one. */
    private sealed interface Attempted {
        record Answered(Answer answer) implements Attempted {}

        record Final(TaskError error) implements Attempted {}
    }

    HttpInvoke(HttpSettings settings, Backoff backoff, Limits limits, PinnedAddresses addresses) {
        this.settings = settings;
        this.backoff = backoff;
        this.limits = limits;
        this.toPublic = client(limits).dnsResolver(addresses).build();
        this.toPrivate = client(limits).build();
    }

    private static WebClientConfig.Builder client(Limits limits) {
        return WebClient.builder()
                .followRedirects(false)
                .proxy(Proxy.noProxy())
                .keepAlive(false)
                .shareConnectionCache(false)
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(limits.time());
    }

    @Override
    public JsonNode handle(JsonNode parameters, TaskContext task) throws TaskError {
        return invoke(parameters);
    }

    JsonNode invoke(JsonNode parameters) throws TaskError {
        HttpRequestSpec request;
        try {
            request = HttpRequestSpec.of(parameters);
        } catch (IllegalArgumentException e) {
            throw new PoisonousRequest(REFUSED, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        var answered =
                new AtomicReference<Attempted>(new Attempted.Final(new TaskError(SOCKET, "no attempt was made")));
        backoff.run(() -> answered.set(attempt(request)));
        var answer = switch (answered.get()) {
            case Attempted.Final(var error) -> throw error;
            case Attempted.Answered(var given) -> given;
        };
        if (answer.status() < 200 || answer.status() >= 300) {
            throw failure(answer);
        }
        return output(answer);
    }

    /** One attempt with its redirects. Throws what is worth another one. */
    private Attempted attempt(HttpRequestSpec first) throws TaskError {
        try {
            return new Attempted.Answered(follow(first));
        } catch (PoisonousRequest e) {
            throw e;
        } catch (TaskError e) {
            // What was sent and not answered may have been done.
            if (first.isIdempotent() && !e.error().equals(TOO_LONG)) {
                throw e;
            }
            return new Attempted.Final(e);
        }
    }

    private Answer follow(HttpRequestSpec first) throws TaskError {
        var request = first;
        var deadline = System.nanoTime() + limits.time().toNanos();
        for (var redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            var answer = call(request, deadline);
            var location = location(request, answer);
            if (location.isEmpty()) {
                if (request.isIdempotent()
                        && (answer.status() == 429 || answer.status() >= 502 && answer.status() <= 504)) {
                    throw failure(answer);
                }
                return answer;
            }
            request = request.redirected(location.get(), answer.status());
        }
        throw new PoisonousRequest(REFUSED, first.endpoint() + " is redirected more than " + MOST_REDIRECTS + " times");
    }

    private Answer call(HttpRequestSpec request, long deadline) throws TaskError {
        var uri = request.endpoint();
        var client = settings.allowedPrivate().allow(uri) ? toPrivate : toPublic;
        if (client == toPublic && !settings.allowed().allow(uri)) {
            throw new PoisonousRequest(
                    REFUSED, withoutQuery(uri) + " may not be called; stepstream.http.allow names what may");
        }
        var call = client.method(Method.create(request.method())).uri(uri);
        request.headers().forEach((name, value) -> call.header(HeaderNames.create(name), value));
        connection(request).ifPresent(it -> call.header(HeaderNames.create(it.header()), it.value()));
        request.body().ifPresent(body -> call.header(HeaderNames.CONTENT_TYPE, body.contentType()));
        try (HttpClientResponse response = request.body().isPresent()
                ? call.submit(request.body().get().text().getBytes(StandardCharsets.UTF_8))
                : call.request()) {
            return read(response, deadline);
        } catch (TaskError e) {
            throw e;
        } catch (RuntimeException | IOException e) {
            throw unreachable(request, e);
        }
    }

    private static TaskError unreachable(HttpRequestSpec request, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpRefused refused) {
                return new PoisonousRequest(REFUSED, String.valueOf(refused.getMessage()), e);
            }
        }
        return new TaskError(SOCKET, withoutQuery(request.endpoint()) + " does not answer: " + e, e);
    }

    /** The header of the request's connection, where that is for this address: a redirect does not carry it elsewhere. */
    private Optional<HttpSettings.Connection> connection(HttpRequestSpec request) throws PoisonousRequest {
        if (request.connection().isEmpty()) {
            return Optional.empty();
        }
        var name = request.connection().get();
        var connection = settings.connections().get(name);
        if (connection == null) {
            throw new PoisonousRequest(
                    REFUSED, "there is no connection '" + name + "'; stepstream.http.connections names them");
        }
        return Optional.of(connection).filter(it -> it.endpoints().allow(request.endpoint()));
    }

    private Answer read(HttpClientResponse response, long deadline) throws TaskError, IOException {
        var headers = JSON.createObjectNode();
        for (Header header : response.headers()) {
            var values = headers.putArray(header.name().toLowerCase(Locale.ROOT));
            header.allValues().forEach(values::add);
        }
        var contentType = headers.path("content-type").path(0).asText("");
        var body = new ByteArrayOutputStream();
        if (response.entity().hasEntity()) {
            try (InputStream in = response.entity().inputStream()) {
                var buffer = new byte[8192];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    body.write(buffer, 0, n);
                    if (body.size() > limits.bytes()) {
                        throw new TaskError(TOO_LONG, "the response has more than " + limits.bytes() + " bytes");
                    }
                    if (System.nanoTime() - deadline > 0) {
                        throw new IOException("no whole response within " + limits.time());
                    }
                }
            }
        }
        return new Answer(
                response.status().code(),
                response.status().reasonPhrase(),
                headers,
                contentType,
                body.toString(StandardCharsets.UTF_8));
    }

    private static Optional<URI> location(HttpRequestSpec request, Answer answer) throws PoisonousRequest {
        var location = answer.headers().path("location").path(0).asText();
        if (!Set.of(301, 302, 303, 307, 308).contains(answer.status()) || location.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(request.endpoint().resolve(location));
        } catch (IllegalArgumentException e) {
            throw new PoisonousRequest(REFUSED, "it is redirected to '" + location + "', which is no address", e);
        }
    }

    private static TaskError failure(Answer answer) {
        return new TaskError(
                STATUS + answer.status(),
                "The HTTP task received " + answer.status() + " " + answer.reason() + ": " + answer.body());
    }

    private static JsonNode output(Answer answer) {
        var output = JSON.createObjectNode();
        output.set("Headers", answer.headers());
        if (answer.contentType().toLowerCase(Locale.ROOT).matches("application/([^;]*\\+)?json\\b.*")) {
            try {
                output.set("ResponseBody", JSON.readTree(answer.body()));
            } catch (JsonProcessingException e) {
                output.put("ResponseBody", answer.body());
            }
        } else {
            output.put("ResponseBody", answer.body());
        }
        return output.put("StatusCode", answer.status()).put("StatusText", answer.reason());
    }

    private static String withoutQuery(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
