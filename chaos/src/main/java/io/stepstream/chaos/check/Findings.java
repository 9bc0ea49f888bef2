package io.stepstream.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What was found, until it is known whether the log is at rest. */
final class Findings {
    private final List<Violation> broken = new ArrayList<>();
    private final List<Violation> unfinished = new ArrayList<>();

    /** Something that is wrong whatever comes after it. */
    void broken(Violation violation) {
        broken.add(violation);
    }

    /** Something that is wrong if nothing comes after it. */
    void unfinished(Violation violation) {
        unfinished.add(violation);
    }

    /** Those of them that are violations, of a log that is at rest or not. */
    List<Violation> violations(Optional<Unrest> unrest) {
        return unrest.map(Unrest::log)
                .map(log -> switch (log) {
                    case STOOD_STILL -> List.copyOf(broken);
                    case MOVED -> List.<Violation>of();
                })
                .orElseGet(() ->
                        Stream.concat(broken.stream(), unfinished.stream()).toList());
    }
}
