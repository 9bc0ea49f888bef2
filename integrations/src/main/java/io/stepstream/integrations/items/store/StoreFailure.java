package io.stepstream.integrations.items.store;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What was asked of a store cannot be had; the message says what, where and what to do. */
public final class StoreFailure extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    public StoreFailure(String message) {
        this(message, null);
    }

    public StoreFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static StoreFailure changed(ObjectAddress address) {
        return new StoreFailure(
                address + " has changed since its first page was read; its items would be a mixture of two contents."
                        + " Write new content under a new key, or start again");
    }
}
