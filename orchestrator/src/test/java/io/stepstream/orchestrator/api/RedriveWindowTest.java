package io.stepstream.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be redriven, in AWS's words (DescribeExecutionOutput's redriveStatusReason) where it cannot. */
class RedriveWindowTest {
    private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "RUNNING, , P1D, Execution is RUNNING and cannot be redriven",
        "SUCCEEDED, , P1D, Execution is SUCCEEDED and cannot be redriven",
        "SUCCEEDED, , P15D, Execution is SUCCEEDED and cannot be redriven",
        "FAILED, , P1D, ",
        "ABORTED, , P14D, ",
        "TIMED_OUT, , PT336H0.001S, Execution redrivable period exceeded",
        "FAILED, Execution history event limit exceeded, P1D, Execution history event limit exceeded",
        "FAILED, Execution history event limit exceeded, P15D, Execution redrivable period exceeded",
    })
    void sayWhatRedriveExecutionWouldSay(String status, String atEnd, Duration later, String obstacle) {
        var window = new RedriveWindow(Limits.DEFAULT, Clock.fixed(END.plus(later), ZoneOffset.UTC));
        var execution = ExecutionStatus.newBuilder()
                .setExecutionArn(Arns.DEFAULT.execution("machine", "run"))
                .setName("run")
                .setStateMachineArn(Arns.DEFAULT.stateMachine("machine"))
                .setRevision("revision")
                .setStatus(status)
                .setStartDate(END)
                .setStopDate(status.equals("RUNNING") ? null : END)
                .setRedriveObstacle(atEnd)
                .setStep(2)
                .build();
        assertThat(window.obstacle(execution)).isEqualTo(Optional.ofNullable(obstacle));
        assertThat(Json.status(execution, window).path("redriveObstacle").asText(""))
                .isEqualTo(Optional.ofNullable(obstacle).orElse(""));
    }
}
