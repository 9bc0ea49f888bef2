package io.stepstream.asl.data;

/** A text from outside is not JSON; the message says where. */
public final class MalformedJson extends Exception {
    public MalformedJson(String message) {
        super(message);
    }
}
