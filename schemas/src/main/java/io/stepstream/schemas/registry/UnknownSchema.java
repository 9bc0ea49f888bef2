package io.stepstream.schemas.registry;

/** The schema registry answered, and has no schema with this id. */
public final class UnknownSchema extends RuntimeException {

    public UnknownSchema(String message) {
        super(message);
    }
}
