package io.stepstream.orchestrator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.security.MessageDigest;

/** Lets requests pass that carry the secret which gateways and orchestrators share. */
final class Bearer implements Handler {

    private final byte[] expected;

    Bearer(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("apiSecret is blank: give the secret that the gateways have too");
        }
        this.expected = header(secret).getBytes(UTF_8);
    }

    /** The value of the Authorization header that carries this secret. */
    static String header(String secret) {
        return "Bearer " + secret;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        if (MessageDigest.isEqual(expected, given.getBytes(UTF_8))) {
            response.next();
        } else {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            Answer.problem(Status.UNAUTHORIZED_401, "Send the API secret: Authorization: Bearer <secret>")
                    .send(response);
        }
    }
}
