package io.stepstream.asl.data;

/** A text in a definition is not an expression of the language; the message says what is wrong with it. */
public final class InvalidExpression extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidExpression(String message) {
        super(message);
    }
}
