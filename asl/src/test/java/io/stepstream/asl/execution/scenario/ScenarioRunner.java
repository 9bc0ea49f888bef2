package io.stepstream.asl.execution.scenario;

import static org.assertj.core.api.Assertions.assertThat;

/** Plays a scenario on a driver and compares what is seen, line by line. */
public final class ScenarioRunner {
    private ScenarioRunner() {}

    public static void run(Scenario scenario, ScenarioDriver driver) {
        driver.deploy(scenario.definition(), scenario.unregistered());
        for (var line : scenario.lines()) {
            var seen = driver.play(line.input()).stream()
                    .filter(observation -> driver.seesTimers() || !isAboutTimer(observation))
                    .map(Object::toString)
                    .toList();
            var expected = line.expected().stream()
                    .filter(text ->
                            driver.seesTimers() || !(text.startsWith("timer#") || text.startsWith("cancel timer#")))
                    .toList();
            assertThat(seen)
                    .as("scenario %s, line %d: %s", scenario.name(), line.number(), line.input())
                    .isEqualTo(expected);
        }
    }

    private static boolean isAboutTimer(Observation observation) {
        return switch (observation) {
            case Observation.Timer _, Observation.CancelTimer _ -> true;
            case Observation.Task _, Observation.Refused _, Observation.Succeeded _, Observation.Ended _ -> false;
        };
    }
}
