package io.stepstream.orchestrator.views;

import org.apache.kafka.streams.state.HostInfo;

/** Which instance holds the view of an execution. */
public sealed interface Located {

    /** This one. */
    record Here(int partition) implements Located {}

    /** Another one, whose query API is there. */
    record Elsewhere(HostInfo instance) implements Located {}
}
