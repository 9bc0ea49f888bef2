package io.stepstream.asl.execution.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a scenario is played on: the interpreter alone, a topology, or a real engine. One execution at a time. */
public interface ScenarioDriver {

    /** Deploys the scenario's state machine; every task name that it uses is registered but for these. */
    void deploy(String definition, Set<String> unregistered);

    /** Carries a command out and tells what could be seen of its consequences, in order, once there are no more. */
    List<Observation> play(Input input);

    /** Whether timers being set and cancelled can be seen; if not, those lines of a scenario are passed over. */
    boolean seesTimers();

    /** What somebody outside does. */
    sealed interface Input {
        record Start(String input) implements Input {}

        record Complete(long ticket, String output) implements Input {}

        record Fail(long ticket, Optional<String> error, Optional<String> cause) implements Input {}

        record Take(long ticket, Optional<String> workerName) implements Input {}

        record Heartbeat(long ticket) implements Input {}

        record Stop(Optional<String> error, Optional<String> cause) implements Input {}

        /** Time passes; due timers fire, earliest first. */
        record Advance(Duration by) implements Input {}
    }
}
