package io.stepstream.load;

import io.stepstream.load.generator.Plan.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Measures the engine, and in turn with it the ceiling or another engine. */
public final class Bench {
    private Bench() {}

    /**
     * Runs the benchmark. Data and logs are in the settings' folder, which is emptied first.
     *
     * @throws BenchFailed if it did not come to its end, or if the two topologies did not run by the same settings
     */
    public static BenchReport run(BenchSettings settings, Progress progress) throws Exception {
        empty(settings.folder());
        try (var engine = Scene.start(settings, Target.ENGINE, Optional.empty(), progress)) {
            var more = engine.turn();
            if (settings.comparison() instanceof BenchSettings.Nothing) {
                return new BenchReport(settings, engine.outcome(), Optional.empty());
            }
            // What the engine moves is known now. From here on they take turns, so that both meet the machine as it is
            // at the time.
            try (var other = other(settings, engine, progress)) {
                other.turn();
                while (more) {
                    more = engine.turn();
                    other.turn();
                }
                return compared(settings, engine.outcome(), other.outcome());
            }
        }
    }

    private static Scene other(BenchSettings settings, Scene engine, Progress progress) throws Exception {
        return switch (settings.comparison()) {
            case BenchSettings.Ceiling _ ->
                Scene.start(settings, Target.CEILING, Optional.of(engine.profile()), progress);
            case BenchSettings.Another another ->
                Scene.start(settings.of(another), Target.ENGINE, Optional.empty(), progress);
            case BenchSettings.Nothing _ -> throw new IllegalStateException("compared with nothing");
        };
    }

    private static BenchReport compared(BenchSettings settings, Scene.Outcome engine, Scene.Outcome ceiling) {
        var differences = settings.comparison() instanceof BenchSettings.Ceiling
                ? differences(engine, ceiling)
                : List.<String>of();
        if (!differences.isEmpty()) {
            throw new BenchFailed("engine and ceiling did not run by the same settings, so they cannot be compared:\n  "
                    + String.join("\n  ", differences));
        }
        return new BenchReport(settings, engine, Optional.of(ceiling));
    }

    private static List<String> differences(Scene.Outcome engine, Scene.Outcome ceiling) {
        var differences = new ArrayList<String>();
        compare("Kafka Streams", engine.settings().streams(), ceiling.settings().streams(), differences);
        compare("store", engine.settings().stores(), ceiling.settings().stores(), differences);
        compare("topic", engine.topics(), ceiling.topics(), differences);
        compare(
                "JVM",
                Map.of("flags", engine.settings().jvm()),
                Map.of("flags", ceiling.settings().jvm()),
                differences);
        return differences;
    }

    private static void compare(
            String kind, Map<String, String> engine, Map<String, String> ceiling, List<String> differences) {
        var names = new TreeSet<>(engine.keySet());
        names.addAll(ceiling.keySet());
        for (var name : names) {
            var ours = engine.getOrDefault(name, "absent");
            var theirs = ceiling.getOrDefault(name, "absent");
            if (!ours.equals(theirs)) {
                differences.add(kind + ' ' + name + ": engine " + ours + ", ceiling " + theirs);
            }
        }
    }

    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
