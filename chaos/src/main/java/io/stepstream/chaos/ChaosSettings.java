package io.stepstream.chaos;

import io.stepstream.chaos.fault.FaultPlan;
import io.stepstream.chaos.fault.Layout;
import java.time.Duration;

/**
 * What is run, and what is done to it.
 *
 * @param seed of all that is random
 * @param duration how long executions are started and faults are done; then everything comes to rest and is checked
 * @param rate executions started a second
 * @param layout what there is
 * @param faults what is done to it
 */
public record ChaosSettings(long seed, Duration duration, double rate, Layout layout, FaultPlan faults) {}
