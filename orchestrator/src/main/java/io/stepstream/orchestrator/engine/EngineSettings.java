package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.trace.Traces;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;

/**
 * All that the engine's processors share.
 *
 * @param codec must not block for long: it runs on the stream thread
 * @param tokens verifies and signs task tokens
 * @param limits the interpreter's limits
 * @param partitions number of partitions of each input topic
 * @param taskTopics knows which task topics exist
 * @param sealing which executions are sealed
 * @param readiness is told what keeps a partition from working
 * @param meters counts
 * @param traces the traces of executions
 */
public record EngineSettings(
        RecordCodec codec,
        TokenKeys tokens,
        Limits limits,
        int partitions,
        TaskTopics taskTopics,
        Sealing sealing,
        Readiness readiness,
        Meters meters,
        Traces traces) {}
