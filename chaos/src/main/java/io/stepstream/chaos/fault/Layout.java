package io.stepstream.chaos.fault;

import java.nio.file.Path;
import java.util.List;

/**
 * What an installation consists of.
 *
 * @param brokers one, or three with a replication factor of 3
 * @param engines how many; with more than one, each partition has a standby
 * @param partitions of the engine
 * @param folder for data and logs, emptied at the start
 * @param jvm flags of every process's JVM, beside its heap
 */
public record Layout(int brokers, int engines, int partitions, Path folder, List<String> jvm) {
    /** For runs of minutes whose processes are killed and begun anew time and again, and share their cores with what compiles them. */
    public static final List<String> SHORT_RUN = List.of("-XX:TieredStopAtLevel=1");

    public Layout {
        jvm = List.copyOf(jvm);
        if (brokers != 1 && brokers != 3) {
            throw new IllegalArgumentException(
                    brokers + " brokers: give 1, or 3 for a replication factor of 3 and a minimum of 2 in sync");
        }
        if (engines < 1 || partitions < 1) {
            throw new IllegalArgumentException(engines + " engines, " + partitions + " partitions: give 1 or more");
        }
    }
}
