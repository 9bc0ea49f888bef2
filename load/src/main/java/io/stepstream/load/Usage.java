package io.stepstream.load;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;

/**
 * Seconds of CPU that were used.
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

    /** Since each of them began. */
    static Usage of(Collection<Child> children) throws IOException {
        var processes = new TreeMap<String, Double>();
        for (var child : children) {
            processes.put(child.name(), Machine.cpuSeconds(child.pid()));
        }
        var current = ProcessHandle.current();
        var ours = Machine.cpuSeconds(current.pid());
        for (var descendant : current.descendants().toList()) {
            ours += Machine.cpuSeconds(descendant.pid());
        }
        var machine = Machine.seconds();
        return new Usage(processes, ours, machine[0], machine[1]);
    }

    Usage minus(Usage before) {
        return with(before, (later, earlier) -> later - earlier);
    }

    Usage plus(Usage more) {
        return with(more, Double::sum);
    }

    /** What others took of the machine. */
    double foreignShare() {
        return Math.max(0, busy - ours) / all;
    }

    private Usage with(Usage other, DoubleBinaryOperator operator) {
        var names = new TreeSet<>(processes.keySet());
        names.addAll(other.processes.keySet());
        var each = new TreeMap<String, Double>();
        names.forEach(name -> each.put(
                name,
                operator.applyAsDouble(processes.getOrDefault(name, 0.0), other.processes.getOrDefault(name, 0.0))));
        return new Usage(
                each,
                operator.applyAsDouble(ours, other.ours),
                operator.applyAsDouble(busy, other.busy),
                operator.applyAsDouble(all, other.all));
    }
}
