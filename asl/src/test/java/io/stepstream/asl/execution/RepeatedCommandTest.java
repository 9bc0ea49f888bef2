package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A command that comes again with the request id of an earlier one gets its verdict and does nothing; a heartbeat is one of its own. */
class RepeatedCommandTest {
    private static final String BINDING = "0123456789abcdef";
    private static final StateMachine MACHINE = machine();

    private final StoredRows rows = new StoredRows();
    private final Command start = new Command.Start(InterpreterDriver.identity(), Document.EMPTY_OBJECT);
    private final Command complete =
            new Command.CompleteTask(1, BINDING, Document.EMPTY_OBJECT, InterpreterDriver.START);

    @Test
    void aRepeatGetsTheFirstVerdict() {
        var first = step(start, "r1", 0);
        assertThat(first.rows()).isNotEmpty();
        assertThat(step(start, "r1", 9)).isEqualTo(new Step(List.of(), List.of(answer(first))));
        var completed = step(complete, "r2", 10);
        assertThat(completed.effects()).anyMatch(Effect.Close.class::isInstance);
        assertThat(step(complete, "r2", 20)).isEqualTo(new Step(List.of(), List.of(answer(completed))));
    }

    @Test
    void anotherRequestIsNoRepeat() {
        step(start, "r1", 0);
        step(complete, "r2", 1);
        assertThat(verdict(step(complete, "r3", 2)))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Verdict.Refusal.TASK_TIMED_OUT));
    }

    @Test
    void everyHeartbeatCounts() {
        step(start, "r1", 0);
        assertThat(step(heartbeat(5), "h", 5).rows()).isNotEmpty();
        assertThat(step(heartbeat(8), "h", 8).rows()).isNotEmpty();
    }

    private static Command heartbeat(long seconds) {
        return new Command.Heartbeat(1, BINDING, InterpreterDriver.START.plusSeconds(seconds));
    }

    private Step step(Command command, String requestId, long seconds) {
        var inputs = new Inputs(
                MACHINE,
                InterpreterDriver.START.plusSeconds(seconds),
                seconds,
                Limits.DEFAULT,
                BINDING,
                ticket -> "token-" + ticket,
                _ -> true,
                false,
                Optional.of(requestId));
        var step = Interpreter.step(rows, command, inputs);
        rows.apply(step);
        return step;
    }

    private static Effect answer(Step step) {
        return step.effects().stream()
                .filter(Effect.Answer.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(Step step) {
        return ((Effect.Answer) answer(step)).verdict();
    }

    private static StateMachine machine() {
        var definition = """
                {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:stepstream:kafka:::a.waitForTaskToken", "HeartbeatSeconds": 10, "End": true,
                  "Parameters": {"t.$": "$$.Task.Token"}}}}
                """;
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var machine, var _) -> machine;
            case Parsed.Invalid(var findings) -> throw new AssertionError(findings);
        };
    }
}
