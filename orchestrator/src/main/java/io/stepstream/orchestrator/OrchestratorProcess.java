package io.stepstream.orchestrator;

import io.stepstream.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** An orchestrator in a process of its own, with the settings of {@code docs/configuration.md}. */
public final class OrchestratorProcess {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private OrchestratorProcess() {}

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var orchestrator = Orchestrator.start(OrchestratorSettings.of(Settings.ofProcess()));
            Runtime.getRuntime().addShutdownHook(new Thread(orchestrator::close, "stop"));
            orchestrator.awaitReady(READY_WITHIN);
            System.out.println("ready " + orchestrator.api());
        } catch (IllegalArgumentException | IllegalStateException | IOException | TimeoutException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
