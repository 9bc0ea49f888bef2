package io.stepstream.integrations.items.reader;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Items cannot be read; the message is the cause that the state machine gets: what, where, and what to do. */
public final class ItemReaderFailed extends Exception {

    /** The error's name in the Amazon States Language. */
    public static final String ERROR = "States.ItemReaderFailed";

    @Serial
    private static final long serialVersionUID = 1L;

    ItemReaderFailed(String cause) {
        this(cause, null);
    }

    ItemReaderFailed(String cause, @Nullable Throwable origin) {
        super(cause, origin);
    }
}
