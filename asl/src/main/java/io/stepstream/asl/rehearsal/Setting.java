package io.stepstream.asl.rehearsal;

import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionIdentity.Kind;
import io.stepstream.asl.execution.Limits;
import java.time.Instant;
import java.util.Map;

/**
 * What a rehearsal depends on besides the state machine, its input and the answers.
 *
 * @param execution who the execution is
 * @param others state machines that child executions can be started from, by name
 * @param from when it starts
 * @param seed source of everything random in it
 * @param limits the limits in force
 * @param steps most steps it may take, those of its children included
 */
public record Setting(
        ExecutionIdentity execution,
        Map<String, StateMachine> others,
        Instant from,
        long seed,
        Limits limits,
        int steps) {

    /** Enough steps for any history that AWS's limit allows. */
    public static final int STEPS = 100_000;

    static final String ROLE = "arn:aws:iam::000000000000:role/stepstream";
    static final String REVISION = "rehearsed";

    private static final String ARN = "arn:aws:states:us-east-1:000000000000:";

    public Setting {
        others = Map.copyOf(others);
    }

    /** The setting of an execution named {@code run} of a state machine of this name, alone and with AWS's limits. */
    public static Setting of(String machine, WorkflowType type, Instant from, long seed) {
        return new Setting(identity(machine, type), Map.of(), from, seed, Limits.DEFAULT, STEPS);
    }

    private static ExecutionIdentity identity(String machine, WorkflowType type) {
        var machineArn = ARN + "stateMachine:" + machine;
        return switch (type) {
            case STANDARD ->
                new ExecutionIdentity(
                        ARN + "execution:" + machine + ":run",
                        "run",
                        machineArn,
                        machine,
                        ROLE,
                        REVISION,
                        Kind.STANDARD);
            case EXPRESS ->
                new ExecutionIdentity(
                        ARN + "express:" + machine + ":run:1",
                        "run",
                        machineArn,
                        machine,
                        ROLE,
                        REVISION,
                        Kind.EXPRESS);
        };
    }

    public Setting with(Map<String, StateMachine> machines) {
        return new Setting(execution, machines, from, seed, limits, steps);
    }

    public Setting with(Limits inForce) {
        return new Setting(execution, others, from, seed, inForce, steps);
    }

    public Setting withSteps(int most) {
        return new Setting(execution, others, from, seed, limits, most);
    }
}
