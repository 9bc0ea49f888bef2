package io.stepstream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.Trouble;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway's native API, asked until it answers for good. */
public final class NativeApi implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(10));
    private static final int TOO_MANY_REQUESTS = 429;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final Optional<String> key;

    /** @param key an API key, where the gateway wants one */
    public NativeApi(URI uri, Optional<String> key) {
        this.uri = uri;
        this.key = key;
    }

    /** The key in a file that was named; none if none was. */
    public static Optional<String> key(@Nullable Path keyFile) {
        if (keyFile == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(keyFile).strip());
        } catch (IOException e) {
            throw new Trouble("--key-file " + keyFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A request to a path, with whatever says who asks. */
    public HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(uri.resolve(path)).timeout(LONGEST);
        key.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    /** Makes a request until it is answered for good: what is asked again has the same key. */
    public HttpResponse<String> send(Supplier<HttpRequest> request) throws InterruptedException {
        for (var pause : PAUSES) {
            try {
                var response = http.send(request.get(), BodyHandlers.ofString());
                if (response.statusCode() != TOO_MANY_REQUESTS && response.statusCode() / 100 != 5) {
                    return response;
                }
            } catch (IOException e) {
                // Asked again, as if it had been answered by 503.
            }
            Thread.sleep(pause);
        }
        try {
            var response = http.send(request.get(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 5) {
                return response;
            }
            throw new Trouble("the gateway at " + uri + " cannot do it now: " + detail(response)
                    + "; give the same command again later");
        } catch (IOException e) {
            throw new Trouble(
                    "the gateway at " + uri + " does not answer (" + e + "); give its address by --gateway", e);
        }
    }

    /** The answer's JSON. */
    public static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new Trouble("the gateway's answer is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** What a problem says, in words. */
    public static String detail(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body()).path("detail").asText(response.body());
        } catch (JsonProcessingException e) {
            return response.statusCode() + " " + response.body();
        }
    }

    /** A text as it is in a path or a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
