package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How limits are set and refused, and how they are seen to stand. */
class LimitSettingTest extends LimitScene {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a             | 0       | VALIDATION",
                "a             | 1000001 | VALIDATION",
                "with a blank  | 1       | VALIDATION",
                "a             | 1000000 | ",
            })
    void whatIsNoLimitIsRefused(String name, int max, String refusal) {
        send(LimitKeys.task(name), new LimitTask(name, max));
        assertThat(engine.refusal().orElse(null)).isEqualTo(refusal);
    }

    @Test
    void aStateMachineThatIsNotThereIsRefused() {
        send(MACHINE, new LimitStateMachine(MACHINE, 1));
        assertThat(engine.refusal()).contains("STATE_MACHINE_DOES_NOT_EXIST");
    }

    @Test
    void thereAreSoManyLimitsAtMost() {
        for (var i = 0; i < LimitHomes.MOST; i++) {
            engine.send(
                    Topics.COMMANDS, LimitKeys.task("t" + i), new Command(engine.caller(), new LimitTask("t" + i, 1)));
        }
        engine.read(Topics.VERDICTS, io.stepstream.schemas.avro.Verdict.class);
        send(KEY, new LimitTask("a", 1));
        assertThat(engine.refusal()).contains("SERVICE_QUOTA_EXCEEDED");
        send(LimitKeys.task("t0"), new LimitTask("t0", 2));
        assertThat(engine.refusal()).isEmpty();
    }

    @Test
    void howItStandsIsMeasured() {
        create(TASK);
        limitTask(2);
        limitMachine(3);
        start("1", "2", "3", "4");
        assertThat(gauge("stepstream.task.limit.max", "task", "a")).isEqualTo(2);
        assertThat(gauge("stepstream.task.limit.running", "task", "a")).isEqualTo(2);
        assertThat(gauge("stepstream.task.limit.queued", "task", "a")).isEqualTo(1);
        assertThat(gauge("stepstream.executions.limit.max", "state_machine", "machine"))
                .isEqualTo(3);
        assertThat(gauge("stepstream.executions.limit.running", "state_machine", "machine"))
                .isEqualTo(3);
        assertThat(gauge("stepstream.executions.limit.queued", "state_machine", "machine"))
                .isEqualTo(1);
    }

    private double gauge(String name, String tag, String value) {
        return engine.meters.get(name).tag(tag, value).gauge().value();
    }
}
