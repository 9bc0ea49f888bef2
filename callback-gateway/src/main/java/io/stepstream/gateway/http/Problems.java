package io.stepstream.gateway.http;

import io.helidon.webserver.http.ServerResponse;
import io.stepstream.asl.definition.Finding;
import java.util.Locale;

/** Errors as problem details (RFC 9457). */
public final class Problems {

    private Problems() {}

    /** Sends the error; its {@code type} is AWS's name of the error where AWS has one. */
    public static void send(ServerResponse response, ApiException failure) {
        var error = failure.error();
        response.status(error.problemStatus());
        Bodies.closeIfUnread(response, failure);
        if (error.problemStatus() == 401) {
            response.header("WWW-Authenticate", "Bearer realm=\"stepstream\"");
        }
        failure.retryAfter().ifPresent(after -> response.header("Retry-After", Long.toString(after.toSeconds())));
        response.header("Content-Type", "application/problem+json");
        response.header("Cache-Control", "no-store");
        response.send(body(failure));
    }

    /** The problem's JSON. */
    static byte[] body(ApiException failure) {
        var problem = Json.object()
                .put("type", failure.error().problemName())
                .put("title", failure.error().title())
                .put("status", failure.error().problemStatus())
                .put("detail", failure.detail());
        if (!failure.findings().isEmpty()) {
            var findings = problem.putArray("findings");
            failure.findings().forEach(finding -> findings.add(finding(finding)));
        }
        return Json.bytes(problem);
    }

    /** A finding as both the problem and the warnings of a valid definition show it. */
    public static com.fasterxml.jackson.databind.node.ObjectNode finding(Finding finding) {
        return Json.object()
                .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                .put("code", finding.code())
                .put("path", finding.path())
                .put("message", finding.message())
                .put("fix", finding.fix());
    }
}
