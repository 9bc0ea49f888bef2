package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.fault.Installation;
import io.stepstream.chaos.fault.Layout;
import io.stepstream.chaos.world.Crowd;
import io.stepstream.chaos.world.Dice;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two engines, each the other's standby: one is killed (SIGKILL) and stays away, and its partitions work on. */
class StandbyIT {
    private static final Duration WITHIN = Duration.ofSeconds(15);
    private static final long SEED = 4;
    private static final double RATE = 10;
    private static final int ENGINES = 2;

    @TempDir
    Path folder;

    @Test
    void workIsResumedWithinSecondsOfAKill() throws Exception {
        var layout = new Layout(1, ENGINES, 4, folder, Layout.SHORT_RUN);
        try (var installation = Installation.start(layout)) {
            Chaos.createTasks(installation, layout);
            installation.startWorkers(SEED);
            var codec = new RecordCodec(new HttpSchemaRegistry(installation.registry()));
            try (var crowd = new Crowd(new Dice(SEED), installation.bootstrapServers(), codec)) {
                crowd.deploy();
                var starting = new FutureTask<>(() -> {
                    crowd.start(RATE, Duration.ofMinutes(10));
                    return null;
                });
                Thread.ofPlatform().name("clients").daemon().start(starting);
                // Until there has been work in every partition.
                crowd.killed();
                assertThat(crowd.awaitResumed()).isPresent();
                for (var engine = 0; engine < ENGINES; engine++) {
                    installation.killEngine(engine);
                    crowd.killed();
                    var took = crowd.awaitResumed().orElseThrow();
                    System.out.printf(
                            "engine %d was killed: every partition worked again after %d ms%n",
                            engine, took.toMillis());
                    assertThat(took).isLessThan(WITHIN);
                    installation.startEngine(engine);
                }
                starting.cancel(true);
            }
        }
    }
}
