package io.stepstream.worker;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times tasks by Micrometer, which the service that uses this brings along: {@code stepstream.worker.task} by task and
 * outcome, {@code stepstream.worker.task.active} by task.
 */
public final class MicrometerObserver implements TaskObserver {

    private final MeterRegistry meters;

    public MicrometerObserver(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public Watch taken(TaskContext task) {
        LongTaskTimer.Sample active = LongTaskTimer.builder("stepstream.worker.task.active")
                .description("Requests that handlers are at work on")
                .tag("task", task.name())
                .register(meters)
                .start();
        Timer.Sample sample = Timer.start(meters);
        return outcome -> {
            active.stop();
            sample.stop(Timer.builder("stepstream.worker.task")
                    .description("How long handlers took, by what became of the task")
                    .tag("task", task.name())
                    .tag("outcome", name(outcome))
                    .register(meters));
        };
    }

    private static String name(TaskOutcome outcome) {
        return switch (outcome) {
            case TaskOutcome.Succeeded _ -> "succeeded";
            case TaskOutcome.Failed _ -> "failed";
            case TaskOutcome.DeadLettered _ -> "dead-lettered";
            case TaskOutcome.LeftOpen _ -> "left-open";
            case TaskOutcome.GivenBack _ -> "given-back";
        };
    }
}
