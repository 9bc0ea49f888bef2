package io.stepstream.asl.execution;

import io.stepstream.asl.definition.StateMachine;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything a step may depend on besides rows and command; all of it is recorded, so that the step can be run again.
 *
 * @param machine the revision that the execution keeps
 * @param now the step's time; never before the execution's last step
 * @param seed source of everything random in this step
 * @param limits the limits in force
 * @param binding what the tokens of this step are bound to: 16 hexadecimal digits
 * @param tokens makes the task token of a ticket
 * @param taskNames tells which task names are registered
 * @param stateMachinePaused whether executions of the state machine are to begin nothing now
 * @param stateMachineLimited whether executions of the state machine are to await their turn before they begin
 * @param requestId the command's request id; a repeat of one gets the first verdict
 */
public record Inputs(
        StateMachine machine,
        Instant now,
        long seed,
        Limits limits,
        String binding,
        TokenMinter tokens,
        TaskNames taskNames,
        boolean stateMachinePaused,
        boolean stateMachineLimited,
        Optional<String> requestId) {

    /** Of a state machine without a limit. */
    public Inputs(
            StateMachine machine,
            Instant now,
            long seed,
            Limits limits,
            String binding,
            TokenMinter tokens,
            TaskNames taskNames,
            boolean stateMachinePaused,
            Optional<String> requestId) {
        this(machine, now, seed, limits, binding, tokens, taskNames, stateMachinePaused, false, requestId);
    }

    Inputs withoutRequestId() {
        return new Inputs(
                machine,
                now,
                seed,
                limits,
                binding,
                tokens,
                taskNames,
                stateMachinePaused,
                stateMachineLimited,
                Optional.empty());
    }

    /** Makes the task token of a ticket: the same ticket in the same step gives the same token. */
    @FunctionalInterface
    public interface TokenMinter {
        String mint(long ticket);
    }

    /** Tells whether a task name is registered, that is, whether requests to it have somewhere to go, and whether they await their turn. */
    @FunctionalInterface
    public interface TaskNames {
        boolean isRegistered(String name);

        /** Whether only so many tasks of this registered name may be out at once. */
        default boolean isLimited(String name) {
            return false;
        }
    }
}
