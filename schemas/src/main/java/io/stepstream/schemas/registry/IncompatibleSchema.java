package io.stepstream.schemas.registry;

/** The schema registry refuses a schema: it cannot read what the subject's earlier schemas wrote, or is no schema at all. */
public final class IncompatibleSchema extends RuntimeException {

    public IncompatibleSchema(String message) {
        super(message);
    }
}
