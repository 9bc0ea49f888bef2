package io.stepstream.integrations.http;

/** An address that may not be called, and why. */
final class HttpRefused extends RuntimeException {

    HttpRefused(String message) {
        super(message, null, false, false);
    }
}
