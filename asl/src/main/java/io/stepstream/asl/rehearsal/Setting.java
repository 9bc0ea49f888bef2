package io.stepstream.asl.rehearsal;

import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.Limits;
import java.time.Instant;

/**
 * What a rehearsal depends on besides the state machine, its input and the answers.
 *
 * @param type of the state machine
 * @param execution who the execution is
 * @param from when it starts
 * @param seed source of everything random in it
 * @param limits the limits in force
 * @param steps most steps it may take
 */
public record Setting(
        WorkflowType type, ExecutionIdentity execution, Instant from, long seed, Limits limits, int steps) {

    /** Enough steps for any history that AWS's limit allows. */
    public static final int STEPS = 100_000;

    private static final String ARN = "arn:aws:states:us-east-1:000000000000:";

    /** The setting of an execution named {@code run} of a state machine of this name, with AWS's limits. */
    public static Setting of(String machine, WorkflowType type, Instant from, long seed) {
        return new Setting(type, identity(machine, type, "run"), from, seed, Limits.DEFAULT, STEPS);
    }

    private static ExecutionIdentity identity(String machine, WorkflowType type, String name) {
        var arn = switch (type) {
            case STANDARD -> ARN + "execution:" + machine + ":" + name;
            case EXPRESS -> ARN + "express:" + machine + ":" + name + ":1";
        };
        return new ExecutionIdentity(
                arn,
                name,
                ARN + "stateMachine:" + machine,
                machine,
                "arn:aws:iam::000000000000:role/stepstream",
                "rehearsed");
    }

    public Setting with(Limits others) {
        return new Setting(type, execution, from, seed, others, steps);
    }

    public Setting withSteps(int most) {
        return new Setting(type, execution, from, seed, limits, most);
    }
}
