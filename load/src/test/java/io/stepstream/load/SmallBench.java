package io.stepstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.load.BenchSettings.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Few executions, real processes. */
final class SmallBench {
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private SmallBench() {}

    static BenchSettings settings(Path folder, Workload workload, int executions, Comparison comparison) {
        return settings(folder, workload, executions, comparison, Map.of());
    }

    /** The same, on a broker that has these properties. */
    static BenchSettings settings(
            Path folder, Workload workload, int executions, Comparison comparison, Map<String, String> broker) {
        return new BenchSettings(
                workload,
                executions,
                20,
                10,
                2,
                20,
                50,
                2,
                broker,
                Map.of(),
                JVM,
                JVM,
                JVM,
                comparison instanceof BenchSettings.Nothing ? 1 : 3,
                folder.resolve(workload.toString()),
                System.getProperty("java.class.path"),
                comparison);
    }

    /** What a bench says that it does, in its order. */
    static final class Phases implements Progress {
        final List<String> seen = new ArrayList<>();

        @Override
        public void phase(String name, int count) {
            seen.add(name);
        }

        @Override
        public void done(int count) {
            assertThat(count).isNotNegative();
        }
    }
}
