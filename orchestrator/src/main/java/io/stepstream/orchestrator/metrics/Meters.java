package io.stepstream.orchestrator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Every meter of an orchestrator's own, by what it tells. What the read side tells is counted once for all instances, by whoever holds
 * the partition; a step that is done again after a crash may be counted twice. Safe for use by several threads.
 */
public final class Meters {
    /** Values of a tag that users choose: beyond so many, meters of further values are left out. */
    static final int MOST_VALUES = 1_000;

    static final String STATE_MACHINE = "state_machine";
    private static final Duration LONGEST = Duration.ofDays(30);

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> running = new ConcurrentHashMap<>();
    private final LimitStandings limits;
    private final Timer overdue;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        registry.config()
                .meterFilter(
                        MeterFilter.maximumAllowableTags("stepstream", STATE_MACHINE, MOST_VALUES, MeterFilter.deny()))
                .meterFilter(MeterFilter.maximumAllowableTags("stepstream", "task", MOST_VALUES, MeterFilter.deny()));
        limits = new LimitStandings(registry);
        overdue = Timer.builder("stepstream.timers.overdue")
                .description("how long after they were due timers fire")
                .serviceLevelObjectives(
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1))
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    /** How the limits stand whose homes are here. */
    public LimitStandings limits() {
        return limits;
    }

    /** Meters that nobody reads. */
    public static Meters unread() {
        return new Meters(new SimpleMeterRegistry());
    }

    /** A recorded step of an execution. */
    public void step(String stateMachine) {
        count("stepstream.steps", "recorded steps", Tags.of(STATE_MACHINE, stateMachine));
    }

    /** An execution is seen for the first time. */
    public void executionStarted(String stateMachine) {
        count("stepstream.executions.started", "executions started", Tags.of(STATE_MACHINE, stateMachine));
    }

    /** An execution has ended. */
    public void executionEnded(String stateMachine, String status) {
        count(
                "stepstream.executions.ended",
                "executions ended",
                Tags.of(STATE_MACHINE, stateMachine, "status", status));
    }

    /** So many executions more run, or less, in the partitions of this instance. */
    public void running(String stateMachine, long more) {
        running.computeIfAbsent(stateMachine, this::gauge).addAndGet(more);
    }

    private AtomicLong gauge(String stateMachine) {
        var count = new AtomicLong();
        Gauge.builder("stepstream.executions.running", count, AtomicLong::get)
                .description("executions that run now, of the partitions of this instance")
                .tag(STATE_MACHINE, stateMachine)
                .register(registry);
        return count;
    }

    /** A task has ended: how long after it was asked for. */
    public void taskEnded(String stateMachine, String state, String how, Duration after) {
        Timer.builder("stepstream.task.latency")
                .description("from a task's request to its end")
                .tags(STATE_MACHINE, stateMachine, "state", state, "end", how)
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1),
                        Duration.ofDays(1))
                .maximumExpectedValue(LONGEST)
                .register(registry)
                .record(after);
    }

    /** A timer has fired: how long after it was due. */
    public void timerFired(Duration late) {
        overdue.record(late);
    }

    /** A verdict is sent; {@code refusal} is empty if the command was accepted. */
    public void verdict(String refusal) {
        count("stepstream.verdicts", "verdicts sent", Tags.of("refusal", refusal));
    }

    /** A record is given up. */
    public void deadLetter(String topic) {
        count("stepstream.dead.letters", "records given up, by the topic that they came from", Tags.of("topic", topic));
    }

    private void count(String name, String description, Tags tags) {
        Counter.builder(name)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment();
    }

    /** The meters of Kafka Streams itself, until the returned is closed. */
    public AutoCloseable streams(KafkaStreams streams, String part) {
        var own = new KafkaStreamsMetrics(streams, Tags.of("part", part));
        own.bindTo(registry);
        return own;
    }

    MeterRegistry registry() {
        return registry;
    }
}
