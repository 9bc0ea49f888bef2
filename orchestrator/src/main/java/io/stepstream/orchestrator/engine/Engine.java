package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.EngineClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine at work: its topology on stream threads, kept running. */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final String PART = "engine";

    private final KafkaStreams streams;
    private final Properties config;
    private final AutoCloseable streamsMeters;

    private Engine(KafkaStreams streams, Properties config, AutoCloseable streamsMeters) {
        this.streams = streams;
        this.config = config;
        this.streamsMeters = streamsMeters;
    }

    /** Starts the engine; it is at work when its readiness has no obstacle. */
    public static Engine start(
            EngineSettings settings, String bootstrapServers, Path stateDir, Map<String, String> kafka) {
        var config = EngineConfig.of(bootstrapServers, stateDir.resolve(PART), kafka);
        var topology = EngineTopology.build(settings);
        var streams =
                new KafkaStreams(topology, config, settings.traces().clients().orElseGet(EngineClients::new));
        var readiness = settings.readiness();
        readiness.obstructed(PART, "starting");
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                readiness.clear(PART);
            } else {
                readiness.obstructed(PART, "Kafka Streams is " + now);
            }
        });
        streams.setUncaughtExceptionHandler(Engine::onUncaught);
        streams.start();
        return new Engine(streams, config, settings.meters().streams(streams, PART));
    }

    /** What Kafka Streams was configured with. */
    public Properties config() {
        var copy = new Properties();
        copy.putAll(config);
        return copy;
    }

    /** A thread that died is replaced: its partitions are restored and go on. Lost offsets do not come back by trying again. */
    private static StreamThreadExceptionResponse onUncaught(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidOffsetException
                    || String.valueOf(cause.getMessage()).contains("No valid committed offset")) {
                LOG.error(
                        "the engine stops: its offsets are missing or out of range; see FirstOffsets for the repair",
                        error);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        }
        LOG.error("a stream thread died and is replaced", error);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Leaves the group, so that the next instance need not wait for this one's session to end. */
    @Override
    public void close() {
        Utils.closeQuietly(streamsMeters, "the engine's meters");
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_WITHIN));
    }
}
