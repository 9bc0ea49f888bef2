package io.stepstream.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A headless Chromium with one page, driven by its DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://(\\S+?)/.*");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    Chromium(Path profile) throws Exception {
        process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        var target = HttpRequest.newBuilder(URI.create("http://" + address() + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        var page = JSON.readTree(http.send(target, BodyHandlers.ofString()).body());
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page.path("webSocketDebuggerUrl").asText()), new Listener())
                .get(30, TimeUnit.SECONDS);
        call("Page.enable", "{}");
    }

    private String address() throws IOException {
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var found = LISTENING.matcher(line);
            if (found.matches()) {
                // What else it says must be read, or it stops when the pipe is full.
                Thread.ofVirtual().start(() -> lines.lines().forEach(rest -> {}));
                return found.group(1);
            }
        }
        throw new IOException("chromium ended before it listened");
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void take(String message) {
            try {
                var json = JSON.readTree(message);
                if (json.has("id")) {
                    Optional.ofNullable(answers.remove(json.get("id").intValue()))
                            .ifPresent(answer -> answer.complete(json));
                } else if (json.path("method").asText().equals("Page.loadEventFired")) {
                    loaded.complete(null);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private synchronized JsonNode call(String method, String parameters) throws Exception {
        var id = ids.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        socket.sendText("{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters), true)
                .get(30, TimeUnit.SECONDS);
        var json = answer.get(60, TimeUnit.SECONDS);
        if (json.has("error")) {
            throw new AssertionError(method + ": " + json.get("error"));
        }
        return json.path("result");
    }

    /** A size of the window, and a colour scheme. */
    void look(int width, int height, String scheme) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}".formatted(width, height));
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}".formatted(scheme));
    }

    void open(URI uri) throws Exception {
        loaded = new CompletableFuture<>();
        call("Page.navigate", "{\"url\":\"%s\"}".formatted(uri));
        loaded.get(30, TimeUnit.SECONDS);
    }

    /** Does something on the page that loads another one. */
    void click(String selector) throws Exception {
        loaded = new CompletableFuture<>();
        evaluate("document.querySelector('%s').click()".formatted(selector));
        loaded.get(30, TimeUnit.SECONDS);
    }

    /** The value of an expression, which may be a promise. */
    JsonNode evaluate(String expression) throws Exception {
        var result = call(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true)
                        .toString());
        if (result.has("exceptionDetails")) {
            throw new AssertionError(result.get("exceptionDetails").toString());
        }
        return result.path("result").path("value");
    }

    /** The whole page as PNG. */
    byte[] screenshot() throws Exception {
        return call("Page.captureScreenshot", "{\"captureBeyondViewport\":true,\"format\":\"png\"}")
                .path("data")
                .binaryValue();
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        http.shutdownNow();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
