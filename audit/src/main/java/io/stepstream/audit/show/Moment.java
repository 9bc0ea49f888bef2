package io.stepstream.audit.show;

import java.time.Instant;

/** Up to where an execution is rebuilt. */
public sealed interface Moment {

    /** As far as the log goes. */
    record Latest() implements Moment {}

    /** After the last step at or before a time. */
    record Time(Instant time) implements Moment {}

    /** After the step that recorded a history event. */
    record Event(long id) implements Moment {}
}
