package io.stepstream.gateway.trace;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.stepstream.gateway.metrics.RequestMeters;
import io.stepstream.tracing.TraceHeaders;
import java.util.Optional;

/**
 * Makes a span of every request that is for an API or an approval page, a child of the caller's, and current while the request is answered:
 * what is sent to the engine meanwhile is its child. Paths and headers hold tokens: of them only the operation's name gets into a span.
 */
public final class RequestSpans implements Filter {
    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final HeaderName TRACESTATE = HeaderNames.create("tracestate");

    private final Tracer tracer;

    public RequestSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Names the span of the request that this thread answers, once it is known what is asked for. */
    public static void name(String operation) {
        var unused = Span.current().updateName(operation);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var part = RequestMeters.part(request);
        if (part.equals("health")) {
            chain.proceed();
            return;
        }
        var came = new TraceHeaders(header(request, TRACEPARENT), header(request, TRACESTATE));
        var span = tracer.spanBuilder(part)
                .setParent(came.context())
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", request.prologue().method().text())
                .setAttribute("stepstream.for", part)
                .startSpan();
        try (var _ = span.makeCurrent()) {
            chain.proceed();
            var status = response.status().code();
            span.setAttribute("http.response.status_code", (long) status);
            if (status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
        } catch (RuntimeException e) {
            span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName());
            throw e;
        } finally {
            span.end();
        }
    }

    private static Optional<String> header(RoutingRequest request, HeaderName name) {
        return request.headers().first(name);
    }
}
