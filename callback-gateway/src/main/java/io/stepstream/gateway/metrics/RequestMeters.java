package io.stepstream.gateway.metrics;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.stepstream.gateway.limits.LongPolls;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Times every request by the part of the gateway that it is for and by its status; calls that wait are counted apart. */
public final class RequestMeters implements Filter {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    /** What requests are counted by; of few values. */
    private record Kind(String part, String status) {}

    /** @param places of calls that wait */
    public RequestMeters(LongPolls places) {
        Gauge.builder("stepstream.gateway.waiting.calls", places, LongPolls::taken)
                .description("calls that wait for a task or for history")
                .register(registry);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var start = System.nanoTime();
        // Read now: within a service's routes, the path is what is below the service's own.
        var part = part(request);
        response.whenSent(
                () -> timers.computeIfAbsent(new Kind(part, response.status().codeText()), this::timer)
                        .record(Duration.ofNanos(System.nanoTime() - start)));
        chain.proceed();
    }

    private Timer timer(Kind kind) {
        return Timer.builder("stepstream.gateway.requests")
                .description("requests, by what they are for")
                .tags("for", kind.part(), "status", kind.status())
                .serviceLevelObjectives(
                        Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1))
                .register(registry);
    }

    /** What a request is for. Of few values: what a client writes into a path or a header never becomes a tag. */
    public static String part(RoutingRequest request) {
        var path = request.path().path();
        if (path.startsWith("/v1/") || path.equals("/v1")) {
            return "v1";
        }
        if (path.startsWith("/health")) {
            return "health";
        }
        if (path.equals("/")) {
            return "aws";
        }
        return path.startsWith("/a/") ? "approval" : "other";
    }

    /** Everything measured, in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }
}
