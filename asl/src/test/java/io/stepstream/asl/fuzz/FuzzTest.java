package io.stepstream.asl.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Damaged definitions, inputs and answers: none throws, none takes long, none takes much. {@code -Dfuzz.seed=} damages otherwise,
 * {@code -Dfuzz.mutants=} as many, and {@code -Dfuzz.from=} begins with that mutant.
 */
class FuzzTest {
    private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 25_000);
    private static final int FROM = Integer.getInteger("fuzz.from", 0);
    private static final long SEED = Long.getLong("fuzz.seed", 20261123);

    /** CPU time of a mutant, and of one step of it; some ten times what the worst took. */
    private static final Duration MUTANT_TIME = Duration.ofSeconds(10);

    private static final Duration STEP_TIME = Duration.ofSeconds(5);

    /** Allocated by a mutant in all, of which little is live at once. */
    private static final long MUTANT_BYTES = 1L << 30;

    /** After so long, even on a busy machine, a mutant is taken to hang. */
    private static final Duration HANGING = Duration.ofMinutes(2);

    private volatile int current = FROM;

    @Test
    void nothingThrowsHangsOrGrows() throws InterruptedException {
        var corpus = Corpus.all();
        var fates = new EnumMap<Mutant.Fate, Integer>(Mutant.Fate.class);
        var failures = new ArrayList<String>();
        var costs = new Costs();
        var worker = Thread.ofPlatform().daemon().unstarted(() -> {
            for (; current < FROM + MUTANTS && failures.size() < 20; current++) {
                liveOne(corpus, fates, failures, costs);
            }
        });
        worker.start();
        while (worker.isAlive()) {
            var before = current;
            worker.join(HANGING);
            if (worker.isAlive() && before == current) {
                throw hanging(corpus, worker);
            }
        }
        print(corpus, fates, costs);
        assertThat(failures).isEmpty();
        if (MUTANTS >= 1_000) {
            assertThat(fates.get(Mutant.Fate.NO_JSON))
                    .as("mutants that are no JSON")
                    .isLessThan(MUTANTS / 2);
            assertThat(fates.get(Mutant.Fate.RUN)).as("mutants that run").isGreaterThan(MUTANTS / 10);
        }
    }

    private void liveOne(
            List<Corpus.Example> corpus, Map<Mutant.Fate, Integer> fates, List<String> failures, Costs costs) {
        var mutant = new Mutant(corpus, SEED + current * 0x9E3779B97F4A7C15L);
        var meter = new Meter();
        Optional<String> failure = Optional.empty();
        try {
            fates.merge(mutant.live(meter), 1, Integer::sum);
        } catch (Throwable e) {
            failure = Optional.of(thrown(e));
        }
        costs.add(current, meter);
        failure.or(meter::excess).ifPresent(words -> {
            failures.add(name(mutant) + "\n" + words);
            System.out.println("FUZZ " + failures.getLast());
        });
    }

    private String name(Mutant mutant) {
        var definition = mutant.definition();
        return "-Dfuzz.seed=" + SEED + " -Dfuzz.mutants=1 -Dfuzz.from=" + current + ": "
                + definition.substring(0, Math.min(3_000, definition.length())) + "\n input "
                + mutant.input().substring(0, Math.min(500, mutant.input().length()));
    }

    private static String thrown(Throwable e) {
        var words = new StringBuilder(String.valueOf(e));
        words.setLength(Math.min(500, words.length()));
        var frames = e.getStackTrace();
        for (var i = 0; i < Math.min(25, frames.length); i++) {
            words.append("\n    at ").append(frames[i]);
        }
        return words.toString();
    }

    private AssertionError hanging(List<Corpus.Example> corpus, Thread worker) {
        var hanging = new AssertionError("hangs: " + name(new Mutant(corpus, SEED + current * 0x9E3779B97F4A7C15L)));
        hanging.setStackTrace(worker.getStackTrace());
        return hanging;
    }

    private static void print(List<Corpus.Example> corpus, Map<Mutant.Fate, Integer> fates, Costs costs) {
        System.out.printf(
                Locale.ROOT,
                "fuzz, seed %d: %d mutants of %d definitions; no JSON %d, invalid %d, run %d%n%s%n",
                SEED,
                MUTANTS,
                corpus.size(),
                fates.getOrDefault(Mutant.Fate.NO_JSON, 0),
                fates.getOrDefault(Mutant.Fate.INVALID, 0),
                fates.getOrDefault(Mutant.Fate.RUN, 0),
                costs);
    }

    /** The dearest mutants. */
    private static final class Costs {
        private long nanos;
        private long worstNanos;
        private int slowest;
        private long worstBytes;
        private int greediest;

        void add(int mutant, Meter meter) {
            nanos += meter.nanos();
            if (meter.nanos() > worstNanos) {
                worstNanos = meter.nanos();
                slowest = mutant;
            }
            if (meter.bytes() > worstBytes) {
                worstBytes = meter.bytes();
                greediest = mutant;
            }
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "  CPU %.1f s; the slowest mutant (%d) took %.3f s, the greediest (%d) allocated %.1f MB",
                    nanos / 1e9,
                    slowest,
                    worstNanos / 1e9,
                    greediest,
                    worstBytes / 1e6);
        }
    }

    /** CPU time and allocation of this thread since the meter was made. */
    static final class Meter {
        private static final com.sun.management.ThreadMXBean THREADS =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        private final long startNanos = THREADS.getCurrentThreadCpuTime();
        private final long startBytes = THREADS.getCurrentThreadAllocatedBytes();
        private long worstStep;

        <T> T step(Supplier<T> step) {
            var before = THREADS.getCurrentThreadCpuTime();
            try {
                return step.get();
            } finally {
                worstStep = Math.max(worstStep, THREADS.getCurrentThreadCpuTime() - before);
            }
        }

        long nanos() {
            return THREADS.getCurrentThreadCpuTime() - startNanos;
        }

        long bytes() {
            return THREADS.getCurrentThreadAllocatedBytes() - startBytes;
        }

        Optional<String> excess() {
            if (nanos() > MUTANT_TIME.toNanos()) {
                return Optional.of("takes " + Duration.ofNanos(nanos()) + " of CPU time");
            }
            if (worstStep > STEP_TIME.toNanos()) {
                return Optional.of("takes " + Duration.ofNanos(worstStep) + " of CPU time in one step");
            }
            return bytes() > MUTANT_BYTES ? Optional.of("allocates " + bytes() + " bytes") : Optional.empty();
        }
    }
}
