package io.stepstream.chaos.check;

import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.time.Instant;

/** A bug that is planted between the engine and the topics around it, or in its stores: never in the engine's code. */
interface Bug {
    /** None. */
    Bug NONE = new Bug() {};

    /** Whether a record that the engine sends never gets into its topic. */
    default boolean loses(SimulatedWorld world, String topic, byte[] value) {
        return false;
    }

    /** How long after its place in the topic the engine reads the answer to a request. */
    default Duration overlooks(TaskRequest request) {
        return Duration.ZERO;
    }

    /** The append time that the engine takes the answer to a request to have. */
    default Instant misreads(TaskRequest request, Instant appended) {
        return appended;
    }

    /** Looks at the world between two ticks of its clock, and may change the engine's stores. */
    default void between(SimulatedWorld world) {}
}
