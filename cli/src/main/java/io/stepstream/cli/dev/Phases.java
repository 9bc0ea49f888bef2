package io.stepstream.cli.dev;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** How long each part of a start takes, counted from the start of this JVM. */
public final class Phases {

    /** One part of the start: when it began, and how long it took, both in milliseconds. */
    public record Phase(String name, long began, long took) {}

    private final long jvmStart = ManagementFactory.getRuntimeMXBean().getStartTime();
    private final List<Phase> phases = new CopyOnWriteArrayList<>();

    public Duration sinceJvmStart() {
        return Duration.ofMillis(System.currentTimeMillis() - jvmStart);
    }

    public <T> T time(String name, Callable<T> part) throws Exception {
        long began = sinceJvmStart().toMillis();
        try {
            return part.call();
        } finally {
            phases.add(new Phase(name, began, sinceJvmStart().toMillis() - began));
        }
    }

    public List<Phase> all() {
        return List.copyOf(phases);
    }
}
