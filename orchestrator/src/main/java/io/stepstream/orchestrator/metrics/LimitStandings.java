package io.stepstream.orchestrator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.stepstream.schemas.LimitKeys;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * How the limits stand whose homes are partitions of this instance: told by the stream threads as they go, so a little ahead of what is
 * committed. Safe for use by several threads.
 */
public final class LimitStandings {
    private final MeterRegistry registry;
    private final Map<Integer, Home> homes = new ConcurrentHashMap<>();
    private final Set<String> metered = ConcurrentHashMap.newKeySet();

    LimitStandings(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * How a limit stands.
     *
     * @param key a state machine's ARN, or a task name's key
     * @param max how many may have a turn at once; empty if it was removed, and is not yet forgotten
     * @param running how many have
     * @param queued how many wait for theirs
     */
    public record Standing(String key, OptionalInt max, int running, int queued) {
        private boolean isOver() {
            return max.isEmpty() && running == 0 && queued == 0;
        }

        private double maxOrNone() {
            return max.isPresent() ? max.getAsInt() : Double.POSITIVE_INFINITY;
        }
    }

    /** What is told of one partition, by whoever has it. */
    public final class Home {
        private final Map<String, Standing> limits = new ConcurrentHashMap<>();

        /** A limit stands so now. */
        public void stands(Standing standing) {
            if (standing.isOver()) {
                limits.remove(standing.key());
            } else {
                limits.put(standing.key(), standing);
                meter(standing.key());
            }
        }
    }

    /** A partition has come to this instance, or to another thread of it: what was known of it before is forgotten. */
    public Home begin(int partition) {
        var home = new Home();
        homes.put(partition, home);
        return home;
    }

    /** The partition has gone, unless another thread has it already. */
    public void end(int partition, Home home) {
        homes.computeIfPresent(partition, (_, known) -> known == home ? null : known);
    }

    /** All limits of this instance, by key. */
    public List<Standing> all() {
        return homes.values().stream()
                .flatMap(home -> home.limits.values().stream())
                .sorted(Comparator.comparing(Standing::key))
                .toList();
    }

    private void meter(String key) {
        if (!metered.add(key)) {
            return;
        }
        if (LimitKeys.isTask(key)) {
            gauge("stepstream.task.limit.max", "tasks of a name that may be out at once", key, Standing::maxOrNone);
            gauge("stepstream.task.limit.running", "tasks of a limited name that are out", key, Standing::running);
            gauge("stepstream.task.limit.queued", "requests of a limited name that wait", key, Standing::queued);
        } else {
            gauge("stepstream.executions.limit.max", "executions that may run at once", key, Standing::maxOrNone);
            gauge("stepstream.executions.limit.running", "executions that have their turn", key, Standing::running);
            gauge("stepstream.executions.limit.queued", "executions that wait for it", key, Standing::queued);
        }
    }

    private void gauge(String name, String description, String key, ToDoubleFunction<Standing> value) {
        Gauge.builder(name, this, standings -> standings.sum(key, value))
                .description(description + ", of limits whose home is a partition of this instance")
                .tag(LimitKeys.isTask(key) ? "task" : Meters.STATE_MACHINE, LimitKeys.name(key))
                .register(registry);
    }

    private double sum(String key, ToDoubleFunction<Standing> value) {
        return homes.values().stream()
                .map(home -> home.limits.get(key))
                .filter(standing -> standing != null)
                .mapToDouble(value)
                .sum();
    }
}
