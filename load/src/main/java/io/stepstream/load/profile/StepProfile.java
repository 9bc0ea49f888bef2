package io.stepstream.load.profile;

import java.util.List;
import java.util.Optional;

/**
 * What steps move, by topic.
 *
 * @param steps how many were made: history records
 */
public record StepProfile(long steps, List<Flow> flows) {

    public StepProfile {
        flows = List.copyOf(flows);
    }

    /** The flow of a topic, if there was any. */
    public Optional<Flow> flow(String topic) {
        return flows.stream().filter(flow -> flow.topic().equals(topic)).findFirst();
    }

    /** Records a step appended to this topic, on the average. */
    public double perStep(String topic) {
        return flow(topic).map(flow -> (double) flow.records() / steps).orElse(0.0);
    }

    /** Steps that share a transaction, on the average. */
    public double stepsPerCommit() {
        return steps / flows.stream().mapToDouble(Flow::markers).max().orElse(1);
    }

    /** Records that a step writes: to topics and to stores. */
    public double recordsPerStep() {
        return flows.stream()
                        .filter(StepProfile::isWritten)
                        .mapToLong(Flow::records)
                        .sum()
                / (double) steps;
    }

    /** Bytes of keys and values that a step writes. */
    public double bytesPerStep() {
        return flows.stream()
                        .filter(StepProfile::isWritten)
                        .mapToLong(Flow::bytes)
                        .sum()
                / (double) steps;
    }

    private static boolean isWritten(Flow flow) {
        return !Profiler.READ_ONLY.contains(flow.topic());
    }
}
