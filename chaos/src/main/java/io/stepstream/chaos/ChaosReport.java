package io.stepstream.chaos;

import io.stepstream.chaos.check.Checker;
import io.stepstream.chaos.fault.Fault;
import io.stepstream.chaos.world.Unsent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run was, and what the checker found.
 *
 * @param commands starts, stops, answers and heartbeats that were sent
 * @param unsent those of them that could not be sent, and what the client said
 * @param faults how many of each kind were done
 * @param slowestRecovery the longest that a partition did nothing after the kill of an engine
 * @param checked what the checker says
 */
public record ChaosReport(
        ChaosSettings settings,
        long commands,
        List<Unsent> unsent,
        Map<Fault, Integer> faults,
        Optional<Duration> slowestRecovery,
        Checker.Result checked) {

    /** In one line. */
    public String line() {
        var kinds = new TreeMap<>(faults)
                .entrySet().stream()
                        .map(fault -> fault.getKey().text() + " " + fault.getValue())
                        .collect(Collectors.joining(", "));
        return "seed " + settings.seed() + ": " + commands + " commands"
                + (unsent.isEmpty()
                        ? ""
                        : unsent.stream().map(Unsent::toString).collect(Collectors.joining("; ", " (", ")")))
                + ", " + checked.executions() + " executions (" + checked.redriven() + " redriven, " + checked.paused()
                + " paused), " + checked.tasks() + " tasks"
                + (checked.undelivered() == 0 ? "" : " (" + checked.undelivered() + " given up by workers)") + "; "
                + settings.layout().brokers() + " brokers, " + settings.layout().engines() + " engines; faults: "
                + (kinds.isEmpty() ? "none" : kinds)
                + slowestRecovery
                        .map(took -> "; resumed within %.1f s of a kill".formatted(took.toMillis() / 1000.0))
                        .orElse("")
                + outcome();
    }

    private String outcome() {
        var violations = checked.violations().size();
        return checked.unrest()
                .map(unrest -> "; not at rest: " + unrest
                        + switch (unrest.log()) {
                            case STOOD_STILL -> "; violations so far: " + violations;
                            case MOVED -> "; violations: none can be told while the log moves";
                        })
                .orElse("; violations: " + violations);
    }
}
