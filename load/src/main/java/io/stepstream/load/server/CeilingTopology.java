package io.stepstream.load.server;

import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.schemas.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;

/** A bare topology: the engine's sources, stores and sinks. */
final class CeilingTopology {
    static final String REQUESTS = "task-requests";

    private static final String CEILING = "ceiling";

    private CeilingTopology() {}

    static Topology build(CeilingScript script) {
        var in = new ByteArrayDeserializer();
        var out = new ByteArraySerializer();
        var topology = new Topology()
                .addSource("commands-source", in, in, Topics.COMMANDS)
                .addSource("task-results-source", in, in, Topics.TASK_RESULTS)
                .addSource("internal-source", in, in, Topics.INTERNAL)
                .addProcessor(
                        CEILING,
                        () -> new CeilingProcessor(script),
                        "commands-source",
                        "task-results-source",
                        "internal-source");
        EngineTopology.stores().forEach(store -> topology.addStateStore(store, CEILING));
        return topology.addSink(Topics.HISTORY, Topics.HISTORY, out, out, CEILING)
                .addSink(Topics.EXECUTIONS, Topics.EXECUTIONS, out, out, CEILING)
                .addSink(Topics.VERDICTS, Topics.VERDICTS, out, out, CEILING)
                .addSink(Topics.INTERNAL, Topics.INTERNAL, out, out, CEILING)
                .addSink(REQUESTS, Topics.taskRequests("bench"), out, out, CEILING);
    }
}
