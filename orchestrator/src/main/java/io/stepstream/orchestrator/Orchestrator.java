package io.stepstream.orchestrator;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.stepstream.orchestrator.api.ReadSide;
import io.stepstream.orchestrator.engine.BoundedRegistry;
import io.stepstream.orchestrator.engine.Engine;
import io.stepstream.orchestrator.engine.EngineConfig;
import io.stepstream.orchestrator.engine.EngineSettings;
import io.stepstream.orchestrator.engine.FirstOffsets;
import io.stepstream.orchestrator.engine.KnownTaskTopics;
import io.stepstream.orchestrator.engine.Readiness;
import io.stepstream.orchestrator.metrics.ClusterMeters;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.trace.Traces;
import io.stepstream.orchestrator.views.ViewsSettings;
import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.avro.WrappedKey;
import io.stepstream.schemas.registry.AwaitedRegistry;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.tracing.Tracing;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** An orchestrator at work in this process. */
public final class Orchestrator implements AutoCloseable {
    private final Admin admin;
    private final KnownTaskTopics taskTopics;
    private final Engine engine;
    private final Readiness readiness;
    private final Optional<ReadSide> readSide;
    private final ClusterMeters clusterMeters;
    private final Tracing tracing;

    /** What an orchestrator does besides running the engine. */
    public enum Duty {
        /** Keep views for queries, and answer them. */
        READ_SIDE
    }

    private Orchestrator(
            Admin admin,
            KnownTaskTopics taskTopics,
            Engine engine,
            Readiness readiness,
            Optional<ReadSide> readSide,
            ClusterMeters clusterMeters,
            Tracing tracing) {
        this.admin = admin;
        this.taskTopics = taskTopics;
        this.engine = engine;
        this.readiness = readiness;
        this.readSide = readSide;
        this.clusterMeters = clusterMeters;
        this.tracing = tracing;
    }

    /**
     * Starts an orchestrator; it is at work when it is {@linkplain #awaitReady ready}.
     *
     * @throws IllegalStateException if topics or offsets are not as they must be; the message says what to do
     * @throws io.stepstream.schemas.registry.RegistryUnavailable if the schema registry cannot be reached
     */
    public static Orchestrator start(OrchestratorSettings settings) throws InterruptedException {
        return start(settings, EnumSet.allOf(Duty.class));
    }

    /** Starts an orchestrator that has these duties: an engine without a read side answers no queries. */
    public static Orchestrator start(OrchestratorSettings settings, Set<Duty> duties) throws InterruptedException {
        var admin = Admin.create(adminConfig(settings));
        try {
            return start(settings, duties, admin);
        } catch (ExecutionException e) {
            admin.close(Duration.ofSeconds(1));
            throw new IllegalStateException(
                    "the brokers at " + settings.bootstrapServers() + " cannot be asked for topics and offsets: "
                            + e.getCause(),
                    e);
        } catch (RuntimeException | InterruptedException e) {
            admin.close(Duration.ofSeconds(1));
            throw e;
        }
    }

    private static Orchestrator start(OrchestratorSettings settings, Set<Duty> duties, Admin admin)
            throws ExecutionException, InterruptedException {
        var findings = Topics.check(admin);
        if (!findings.isEmpty()) {
            throw new IllegalStateException("the topics are not as they must be:\n  " + String.join("\n  ", findings));
        }
        new FirstOffsets(admin, EngineConfig.APPLICATION_ID).ensure();
        var registry = new BoundedRegistry(new HttpSchemaRegistry(settings.registry()));
        register(new AwaitedRegistry(registry));
        var taskTopics = new KnownTaskTopics(admin);
        var readiness = new Readiness();
        var partitions = admin.describeTopics(List.of(Topics.COMMANDS))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next()
                .partitions()
                .size();
        var codec = new RecordCodec(registry);
        var scraped = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new Meters(scraped);
        var tracing = Tracing.open(settings.traces(), "stepstream-orchestrator");
        // First the read side: it may find its port taken, and then no engine has begun.
        var readSide = duties.contains(Duty.READ_SIDE)
                ? Optional.of(ReadSide.start(
                        new ViewsSettings(
                                settings.bootstrapServers(),
                                codec,
                                settings.stateDir(),
                                settings.sealing().masterKeys(),
                                settings.limits(),
                                meters,
                                settings.kafka()),
                        settings.apiHost(),
                        settings.apiPort(),
                        settings.apiSecret(),
                        readiness::obstacles,
                        scraped::scrape))
                : Optional.<ReadSide>empty();
        try {
            var engine = Engine.start(
                    new EngineSettings(
                            codec,
                            settings.tokenKeys(),
                            settings.limits(),
                            partitions,
                            taskTopics,
                            settings.sealing(),
                            readiness,
                            meters,
                            new Traces(tracing)),
                    settings.bootstrapServers(),
                    settings.stateDir(),
                    settings.kafka());
            var clusterMeters = ClusterMeters.start(meters, admin, adminConfig(settings), ClusterMeters.EVERY);
            return new Orchestrator(admin, taskTopics, engine, readiness, readSide, clusterMeters, tracing);
        } catch (RuntimeException e) {
            readSide.ifPresent(ReadSide::close);
            tracing.close();
            throw e;
        }
    }

    /** What is written is registered before anything is, so that no stream thread waits for the registry. */
    private static void register(SchemaRegistry registry) {
        Map<String, Schema> written = Map.of(
                Topics.COMMANDS, Command.getClassSchema(),
                Topics.TASK_RESULTS, TaskResult.getClassSchema(),
                Topics.INTERNAL, Internal.getClassSchema(),
                Topics.TASK_REQUESTS_PREFIX, TaskRequest.getClassSchema(),
                Topics.HISTORY, HistoryRecord.getClassSchema(),
                Topics.EXECUTIONS, ExecutionStatus.getClassSchema(),
                Topics.VERDICTS, Verdict.getClassSchema(),
                Topics.DEFINITIONS, Definition.getClassSchema(),
                Topics.DEAD_LETTERS, DeadLetter.getClassSchema(),
                Topics.KEYS, WrappedKey.getClassSchema());
        written.forEach((topic, schema) -> registry.register(Topics.subject(topic), schema));
    }

    private static Map<String, Object> adminConfig(OrchestratorSettings settings) {
        var config = ClientSettings.of(settings.bootstrapServers(), settings.kafka());
        config.keySet().retainAll(AdminClientConfig.configNames());
        return config;
    }

    /**
     * Waits until this orchestrator does its work.
     *
     * @throws TimeoutException if it does not after this time; the message says what is in the way
     */
    public void awaitReady(Duration atMost) throws TimeoutException, InterruptedException {
        var until = System.nanoTime() + atMost.toNanos();
        readiness.await(atMost);
        if (readSide.isPresent()) {
            readSide.get().awaitReady(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        }
    }

    /**
     * Where the query API is.
     *
     * @throws IllegalStateException if it was started without a read side
     */
    public URI api() {
        return readSide.orElseThrow(() -> new IllegalStateException("this orchestrator has no read side"))
                .uri();
    }

    /** What the engine's Kafka Streams was configured with. */
    public Properties engineConfig() {
        return engine.config();
    }

    /** What keeps this orchestrator from its work, in words; empty when it is ready. */
    public List<String> obstacles() {
        return readiness.obstacles();
    }

    /** Stops within seconds; what was not committed is done again by whoever comes next. */
    @Override
    public void close() {
        clusterMeters.close();
        readSide.ifPresent(ReadSide::close);
        engine.close();
        tracing.close();
        taskTopics.close();
        admin.close(Duration.ofSeconds(1));
    }
}
