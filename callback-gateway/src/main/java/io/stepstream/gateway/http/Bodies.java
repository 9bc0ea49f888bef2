package io.stepstream.gateway.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Request bodies, read whole and never beyond a limit. */
public final class Bodies {

    /** AWS's limit of a payload, in UTF-8 bytes. */
    public static final int PAYLOAD_BYTES = 256 * 1024;

    /** Holds the largest definition (1 MiB) with every second character escaped, and every payload. */
    public static final int BODY_BYTES = 3 * 1024 * 1024;

    /**
     * How much of a refused body is still read, so that its sender hears the refusal: closing a connection with unread bytes
     * resets it, and the answer is lost. Beyond this it is closed at once.
     */
    public static final long DRAINED_BYTES = 16L * 1024 * 1024;

    private Bodies() {}

    /** The body as text; empty if there is none. */
    public static String text(ServerRequest request, int limit) throws ApiException {
        if (!request.content().hasEntity()) {
            return "";
        }
        var announced = request.headers().contentLength().orElse(limit);
        if (announced > limit) {
            throw tooLarge(Long.toString(announced), limit);
        }
        byte[] bytes;
        try {
            // One byte more than there should be: a stream read to its end would need a buffer for what may still come.
            bytes = request.content().inputStream().readNBytes((int) announced + 1);
        } catch (UnacceptableBody e) {
            throw e.toApiException();
        } catch (IOException | UncheckedIOException e) {
            throw new ApiException(ApiError.MALFORMED, "The body ended before it was complete");
        }
        if (bytes.length > limit) {
            throw tooLarge("more than " + limit, limit);
        }
        return decode(bytes);
    }

    /** Refuses a payload over AWS's limit, with its size. */
    public static String payload(String name, String json) throws ApiException {
        // A UTF-16 unit is one to three bytes: only texts in between must be measured.
        if (json.length() * 3L <= PAYLOAD_BYTES) {
            return json;
        }
        var size = json.getBytes(StandardCharsets.UTF_8).length;
        if (size > PAYLOAD_BYTES) {
            throw new ApiException(
                    ApiError.PAYLOAD_TOO_LARGE,
                    "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d; it has %d bytes"
                            .formatted(name, PAYLOAD_BYTES, size));
        }
        return json;
    }

    private static ApiException tooLarge(String size, int limit) {
        return new ApiException(
                ApiError.BODY_TOO_LARGE, "The body has %s bytes; the limit is %d".formatted(size, limit));
    }

    private static String decode(byte[] bytes) throws ApiException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(ApiError.MALFORMED, "The body is not UTF-8");
        }
    }

    /** A body that takes too long is not waited for any more: its connection ends with the answer. */
    public static void closeIfUnread(ServerResponse response, ApiException failure) {
        if (failure.error() == ApiError.REQUEST_TIMEOUT) {
            response.header("Connection", "close");
        }
    }

    /** Where the request came from, as far as the connection, or a trusted proxy, tells. */
    public static String address(ServerRequest request) {
        return request.context()
                .get(ClientAddress.class)
                .map(client -> client.address().getHostAddress())
                .orElseGet(() -> request.remotePeer().host());
    }

    /** The value of a header, empty if absent or blank. */
    public static String header(ServerRequest request, String name) {
        return request.headers().first(HeaderNames.create(name)).orElse("").strip();
    }
}
