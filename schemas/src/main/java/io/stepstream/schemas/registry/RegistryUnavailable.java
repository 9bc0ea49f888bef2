package io.stepstream.schemas.registry;

import org.jspecify.annotations.Nullable;

/** The schema registry gave no usable answer: nothing is wrong with the record, and trying again later may work. */
public final class RegistryUnavailable extends RuntimeException {

    public RegistryUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
