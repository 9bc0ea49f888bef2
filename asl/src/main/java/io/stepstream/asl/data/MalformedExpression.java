package io.stepstream.asl.data;

/** An expression in a definition cannot be parsed; the message says why. */
public final class MalformedExpression extends Exception {
    public MalformedExpression(String message) {
        super(message);
    }
}
