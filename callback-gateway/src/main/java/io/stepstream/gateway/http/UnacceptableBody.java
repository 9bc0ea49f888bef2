package io.stepstream.gateway.http;

import java.io.IOException;
import java.time.Duration;

/** A body is not read to its end, since it is beyond a limit. */
public abstract sealed class UnacceptableBody extends IOException {

    private UnacceptableBody(String message) {
        super(message);
    }

    /** It has too many bytes. */
    public static final class TooLarge extends UnacceptableBody {
        public TooLarge(int limit) {
            super("The body has more than %d bytes, which is the limit".formatted(limit));
        }
    }

    /** It takes too long to come. */
    public static final class TooSlow extends UnacceptableBody {
        public TooSlow(Duration limit) {
            super("The body has not come within %d ms".formatted(limit.toMillis()));
        }
    }

    /** The error that the client is told. */
    ApiException toApiException() {
        return switch (this) {
            case TooLarge large -> new ApiException(ApiError.BODY_TOO_LARGE, String.valueOf(getMessage()));
            case TooSlow slow -> new ApiException(ApiError.REQUEST_TIMEOUT, String.valueOf(getMessage()));
        };
    }
}
