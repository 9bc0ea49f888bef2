package io.stepstream.gateway.approval;

import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import java.nio.charset.StandardCharsets;

/** Sends pages, with the headers that keep their address secret and their content to themselves. */
final class Pages {

    private Pages() {}

    static void secure(ServerResponse response) {
        response.header("Referrer-Policy", "no-referrer");
        response.header("Content-Security-Policy", Style.CONTENT_SECURITY_POLICY);
        response.header("X-Content-Type-Options", "nosniff");
        response.header("X-Frame-Options", "DENY");
        response.header("Cross-Origin-Opener-Policy", "same-origin");
        response.header("Cache-Control", "no-store");
        response.header("X-Robots-Tag", "noindex, nofollow");
    }

    static void send(ServerRequest request, ServerResponse response, int status, String html) {
        var bytes = html.getBytes(StandardCharsets.UTF_8);
        response.status(status);
        response.header("Content-Type", "text/html; charset=utf-8");
        if (request.prologue().method().equals(Method.HEAD)) {
            response.contentLength(bytes.length);
            response.send();
        } else {
            response.send(bytes);
        }
    }

    /** A page for what went wrong, in words for somebody who only wanted to answer a mail. */
    static void send(ServerRequest request, ServerResponse response, ApiException failure) {
        Bodies.closeIfUnread(response, failure);
        failure.retryAfter().ifPresent(after -> response.header("Retry-After", Long.toString(after.toSeconds())));
        var page = switch (failure.error()) {
            case UNAVAILABLE ->
                Page.message(
                        "Not available right now",
                        // What was sent may have arrived, though nobody could say so.
                        "Wait a moment, then open the link again: it shows whether anything was decided.");
            case OUTCOME_UNKNOWN ->
                Page.message(
                        "Your decision is on its way",
                        "It takes longer than usual. Open the link again in a moment: it shows what was decided.");
            case ACCESS_DENIED ->
                Page.message("Somebody else must decide", failure.detail() + ". Nothing was decided.");
            case INVALID_APPROVAL ->
                Page.message("This request cannot be shown", failure.detail() + ". Tell whoever sent it.");
            case FORBIDDEN -> Page.message("Not from here", failure.detail() + ". Open the link itself.");
            case BODY_TOO_LARGE -> Page.message("That is too long", "Shorten the comment and send it again.");
            case INVALID_TOKEN, TASK_DOES_NOT_EXIST -> Page.notFound();
            case THROTTLED -> Page.message("Not so fast", "Nothing was decided. Wait a moment, then try again.");
            case REQUEST_TIMEOUT ->
                Page.message("That took too long", "Nothing was decided. Open the link again and decide once more.");
            default ->
                Page.message(
                        "That did not work",
                        "Nothing was decided. Open the link again; if this comes back, tell whoever sent it.");
        };
        var hidden = switch (failure.error()) {
            case INVALID_TOKEN, TASK_DOES_NOT_EXIST -> 404;
            default -> failure.error().problemStatus();
        };
        send(request, response, hidden, page);
    }
}
