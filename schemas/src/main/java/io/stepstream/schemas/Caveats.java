package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What an approval link is narrowed to.
 *
 * @param decision the only decision that it can make
 * @param expires when it ends, in whole milliseconds; empty if it lives as long as its task
 * @param approver who is to decide; empty if anybody who has it
 */
public record Caveats(Decision decision, Optional<Instant> expires, Optional<String> approver) {

    static final int MAX_APPROVER_BYTES = 255;

    /** What a person can decide; the names are those on the wire. */
    public enum Decision {
        APPROVED,
        DENIED
    }

    public Caveats {
        expires = expires.map(at -> at.truncatedTo(ChronoUnit.MILLIS));
        approver.ifPresent(name -> {
            if (name.isEmpty() || name.getBytes(UTF_8).length > MAX_APPROVER_BYTES) {
                throw new IllegalArgumentException(
                        "A link's approver has 1 to " + MAX_APPROVER_BYTES + " bytes of UTF-8, not \"" + name + "\"");
            }
        });
    }

    /** Whether the link has expired at this time. */
    public boolean expiredAt(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
