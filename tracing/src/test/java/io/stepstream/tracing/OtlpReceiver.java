package io.stepstream.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A collector: takes spans by OTLP over HTTP and keeps them. */
public final class OtlpReceiver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpServer server;
    private final List<Received> spans = new ArrayList<>();
    private final StringBuilder bytes = new StringBuilder();

    /**
     * A span that came.
     *
     * @param parent empty if it begins its trace
     * @param status empty if it did not fail
     * @param links ids of spans
     */
    public record Received(
            String service,
            String trace,
            String id,
            String parent,
            String name,
            String kind,
            Instant start,
            Instant end,
            String status,
            Map<String, String> attributes,
            List<String> links,
            String state) {}

    public OtlpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                take(exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
    }

    /** How a process is told to send its spans here, at once. */
    public TraceSettings settings() {
        return settings(Map.of());
    }

    /** The same with more {@code otel.*} properties. */
    public TraceSettings settings(Map<String, String> more) {
        var properties = new HashMap<>(more);
        properties.put(
                TraceSettings.ENDPOINT,
                "http://127.0.0.1:" + server.getAddress().getPort());
        properties.put("otel.bsp.schedule.delay", "20");
        return new TraceSettings(properties);
    }

    private synchronized void take(byte[] request) throws InvalidProtocolBufferException {
        bytes.append(new String(request, ISO_8859_1));
        for (var resource : ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
            var service = attributes(resource.getResource().getAttributesList()).getOrDefault("service.name", "");
            for (var scope : resource.getScopeSpansList()) {
                scope.getSpansList().forEach(span -> spans.add(received(service, span)));
            }
        }
        notifyAll();
    }

    private static Received received(String service, Span span) {
        return new Received(
                service,
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                span.getName(),
                span.getKind().name().replace("SPAN_KIND_", ""),
                time(span.getStartTimeUnixNano()),
                time(span.getEndTimeUnixNano()),
                span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR
                        ? "ERROR " + span.getStatus().getMessage()
                        : "",
                attributes(span.getAttributesList()),
                span.getLinksList().stream().map(link -> hex(link.getSpanId())).toList(),
                span.getTraceState());
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        var read = new HashMap<String, String>();
        for (var attribute : attributes) {
            var value = attribute.getValue();
            read.put(
                    attribute.getKey(),
                    value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue());
        }
        return read;
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    /** What has come so far. */
    public synchronized List<Received> spans() {
        return List.copyOf(spans);
    }

    /** Everything that was sent here, as it was sent: for who looks for what should not be there. */
    public synchronized String sent() {
        return bytes.toString();
    }

    /** What has come, as soon as a span like this is among it. */
    public synchronized List<Received> until(Predicate<Received> wanted) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (spans.stream().noneMatch(wanted)) {
            var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("no such span within " + PATIENCE + " among " + spans);
            }
            wait(left);
        }
        return List.copyOf(spans);
    }

    /** Indented by their parents, each with when it began and ended, in whole seconds after a time; those that belong to nobody here first. */
    public static String tree(List<Received> spans, Instant from) {
        var text = new StringBuilder();
        spans.stream()
                .filter(span -> spans.stream().noneMatch(other -> other.id().equals(span.parent())))
                .forEach(root -> write(root, 0, spans, from, text));
        return text.toString();
    }

    private static void write(Received span, int depth, List<Received> spans, Instant from, StringBuilder text) {
        text.append("  ".repeat(depth))
                .append(span.name())
                .append(' ')
                .append(Duration.between(from, span.start()).toSeconds())
                .append("..")
                .append(Duration.between(from, span.end()).toSeconds())
                .append(span.status().isEmpty() ? "" : " " + span.status())
                .append('\n');
        spans.stream()
                .filter(other -> other.parent().equals(span.id()))
                .sorted((a, b) -> a.start().equals(b.start())
                        ? a.name().compareTo(b.name())
                        : a.start().compareTo(b.start()))
                .forEach(child -> write(child, depth + 1, spans, from, text));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
