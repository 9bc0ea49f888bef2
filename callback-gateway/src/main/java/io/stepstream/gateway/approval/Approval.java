package io.stepstream.gateway.approval;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.gateway.form.ApprovalSpec;
import io.stepstream.schemas.Caveats.Decision;
import java.time.Instant;
import java.util.Optional;

/** What an approval page says: what is asked, and how it stands. */
record Approval(Request request, ApprovalSpec spec, Standing standing) {

    /**
     * What somebody is asked to decide.
     *
     * @param askedBy who asks, as far as known; else empty
     * @param fields what of the task's input is shown: without its token and the layers that hold nothing else
     * @param deadline until when, if the task has a time limit
     */
    record Request(
            String stateMachine,
            String state,
            String execution,
            String askedBy,
            JsonNode fields,
            Instant since,
            Optional<Instant> deadline) {}

    /** How the request stands. */
    sealed interface Standing {

        /** It waits; this link or form gives one decision, in the approver's name if the link binds one. */
        record Open(Decision offered, Optional<String> approver, Optional<Instant> linkExpires) implements Standing {}

        /** Somebody decided. {@code decision} is empty if the task was answered without a page. */
        record Decided(Optional<Decision> decision, String by, String comment, JsonNode fields, Instant at)
                implements Standing {}

        /** Its time ran out, or its execution ended without it. */
        record Ended(How how, Instant at) implements Standing {}

        /** It waits, but not for this link. */
        record LinkExpired(Instant at) implements Standing {}
    }

    /** How a request ended undecided. */
    enum How {
        TIMED_OUT,
        ABORTED,
        FAILED
    }
}
