package io.stepstream.gateway.approval;

import io.helidon.webserver.http.ServerRequest;
import io.stepstream.gateway.http.Bodies;
import java.net.URI;

/** Whether a POST comes from one of our own pages, as far as the browser tells. */
final class SameOrigin {

    private SameOrigin() {}

    static boolean allows(ServerRequest request) {
        return allows(Bodies.header(request, "Sec-Fetch-Site"), Bodies.header(request, "Origin"), request.authority());
    }

    /**
     * Decides by {@code Sec-Fetch-Site}, else by {@code Origin}. A page with {@code Referrer-Policy: no-referrer} posts with
     * {@code Origin: null} (Fetch standard, "append a request Origin header"), and clients that are no browsers send neither:
     * both pass, since whoever could forge such a request must already hold the link, which is the secret.
     */
    static boolean allows(String fetchSite, String origin, String host) {
        if (!fetchSite.isEmpty()) {
            return fetchSite.equals("same-origin");
        }
        if (origin.isEmpty() || origin.equals("null")) {
            return true;
        }
        try {
            return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
