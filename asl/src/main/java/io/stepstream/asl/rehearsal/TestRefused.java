package io.stepstream.asl.rehearsal;

/** A test that cannot be made as it is asked for. */
final class TestRefused extends RuntimeException {
    static final String VALIDATION = "ValidationException";
    static final String INVALID_DEFINITION = "InvalidDefinition";

    private final String error;

    /** @param error AWS's name of the error */
    TestRefused(String error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    static TestRefused validation(String message) {
        return new TestRefused(VALIDATION, message);
    }

    String error() {
        return error;
    }
}
