package io.stepstream.load;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Seconds of CPU that were used between two readings.
 *
 * @param processes by name
 * @param ours of this process and all that it has started, those of other scenes too
 * @param busy of the machine
 * @param all that the machine had
 */
record Usage(Map<String, Double> processes, double ours, double busy, double all) {
    static final Usage NONE = new Usage(Map.of(), 0, 0, 0);

    Usage {
        processes = Map.copyOf(processes);
    }

    /**
     * What clocks say, each since it began.
     *
     * @param ours by process id, of this process and all that it has started
     */
    record Reading(Map<String, Double> processes, Map<Long, Double> ours, double busy, double all) {
        static Reading of(Collection<Child> children) throws IOException {
            var processes = new TreeMap<String, Double>();
            for (var child : children) {
                processes.put(child.name(), Machine.cpuSeconds(child.pid()));
            }
            var current = ProcessHandle.current();
            var ours = new HashMap<Long, Double>();
            for (var pid : LongStream.concat(
                            LongStream.of(current.pid()), current.descendants().mapToLong(ProcessHandle::pid))
                    .toArray()) {
                ours.put(pid, Machine.cpuSeconds(pid));
            }
            var machine = Machine.seconds();
            return new Reading(processes, ours, machine[0], machine[1]);
        }

        /** What was used from this reading to a later one. Of a process that has ended in between, nothing is known. */
        Usage until(Reading later) {
            return new Usage(
                    since(processes, later.processes),
                    since(ours, later.ours).values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum(),
                    later.busy - busy,
                    later.all - all);
        }

        private static <K> Map<K, Double> since(Map<K, Double> earlier, Map<K, Double> later) {
            var used = new HashMap<K, Double>();
            later.forEach((process, seconds) -> used.put(process, seconds - earlier.getOrDefault(process, 0.0)));
            return used;
        }
    }

    Usage plus(Usage more) {
        var sums = new TreeMap<>(processes);
        more.processes.forEach((name, seconds) -> sums.merge(name, seconds, Double::sum));
        return new Usage(sums, ours + more.ours, busy + more.busy, all + more.all);
    }

    /** What others took of the machine. */
    double foreignShare() {
        return Math.max(0, busy - ours) / all;
    }
}
