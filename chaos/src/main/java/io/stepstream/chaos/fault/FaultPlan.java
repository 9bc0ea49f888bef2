package io.stepstream.chaos.fault;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is done to an installation.
 *
 * @param kinds faults that are done, at random
 * @param first faults that are done first, in this order
 * @param pause between two faults, at the longest; half of it on the average
 */
public record FaultPlan(Set<Fault> kinds, List<Fault> first, Duration pause) {

    public FaultPlan {
        kinds = Set.copyOf(kinds);
        first = List.copyOf(first);
    }
}
