package io.stepstream.orchestrator.steps;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.LinkUse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;

/**
 * One step while it is made, for the first time or again: what goes into it besides the rows, and what it asked for on the way; all
 * of it is recorded.
 *
 * @param id the executionId
 * @param rows the rows before the step
 * @param chain the end of the execution's chain before the step
 * @param marks what the partition had heard of the state machine
 * @param minted the tokens made in this step, by ticket
 * @param unregistered the task names asked about that are not registered
 * @param limited the task names asked about that are limited
 */
public record StepRun(
        String id,
        ExecutionIdentity identity,
        ExecutionRows rows,
        Command command,
        Sender sender,
        Limits limits,
        Marks marks,
        Chain chain,
        Instant now,
        String binding,
        long seed,
        Map<Long, String> minted,
        Set<String> unregistered,
        Set<String> limited) {

    /**
     * Who sent a step's command.
     *
     * @param link the approval link that it came by
     */
    public record Sender(Caller caller, Optional<LinkUse> link) {}

    /**
     * What a partition has heard of a state machine.
     *
     * @param paused whether its executions are to begin nothing
     * @param limited whether those that are started or redriven await their turn
     */
    public record Marks(boolean paused, boolean limited) {
        /** Nothing. */
        public static final Marks NONE = new Marks(false, false);
    }

    /**
     * When a command was sent and as what.
     *
     * @param appended when it reached the log; of a timer, when it was due
     * @param bytes the command as it was stored: part of the binding of this step's tokens
     * @param wall the wall clock when the step is made
     */
    public record Sent(Instant appended, Bytes bytes, Instant wall) {}

    /** A step that is made now. */
    public static StepRun first(
            String id,
            ExecutionIdentity identity,
            ExecutionRows rows,
            Command command,
            Sender sender,
            Limits limits,
            Marks marks,
            Sent sent) {
        var chain = rows.chain();
        var now = Stream.of(sent.wall(), sent.appended(), chain.at())
                .max(Instant::compareTo)
                .orElse(sent.wall());
        var binding = Hashes.binding(chain.hash(), sent.bytes().get(), now);
        var seed = Hashes.seed(id, chain.step() + 1, binding);
        return again(id, identity, rows, command, sender, limits, marks, now, binding, seed);
    }

    /** A step that was made before: time, binding and seed are as recorded. */
    static StepRun again(
            String id,
            ExecutionIdentity identity,
            ExecutionRows rows,
            Command command,
            Sender sender,
            Limits limits,
            Marks marks,
            Instant now,
            String binding,
            long seed) {
        return new StepRun(
                id,
                identity,
                rows,
                command,
                sender,
                limits,
                marks,
                rows.chain(),
                now,
                binding,
                seed,
                new LinkedHashMap<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>());
    }

    /** What the interpreter is given; what it asks of the minter and about names is noted here. */
    public Inputs inputs(StateMachine machine, Inputs.TokenMinter tokens, Inputs.TaskNames names) {
        return new Inputs(
                machine,
                now,
                seed,
                limits,
                binding,
                ticket -> minted.computeIfAbsent(ticket, tokens::mint),
                noted(names),
                marks.paused(),
                marks.limited(),
                Optional.ofNullable(sender.caller().getRequestId()));
    }

    private Inputs.TaskNames noted(Inputs.TaskNames names) {
        return new Inputs.TaskNames() {
            @Override
            public boolean isRegistered(String name) {
                var registered = names.isRegistered(name);
                if (!registered) {
                    unregistered.add(name);
                }
                return registered;
            }

            @Override
            public boolean isLimited(String name) {
                var counted = names.isLimited(name);
                if (counted) {
                    limited.add(name);
                }
                return counted;
            }
        };
    }

    /** Who started the execution, if another one did. */
    public Optional<Parent> parent() {
        return command instanceof Command.StartChild start
                ? Optional.of(start.parent())
                : rows.execution().flatMap(ExecutionRow::parent);
    }

    /** The input that the execution is started with, if the command starts it. */
    public Optional<Document> startInput() {
        return switch (command) {
            case Command.Start start -> Optional.of(start.input());
            case Command.StartChild start -> Optional.of(start.input());
            case Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.CompleteTask _,
                    Command.FailTask _,
                    Command.StartTask _,
                    Command.Heartbeat _,
                    Command.FireTimer _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _,
                    Command.Continue _ -> Optional.empty();
        };
    }

    /** When the wait of this ticket ends, as it stands before the step: heartbeats, which are not recorded, move it. */
    Optional<Instant> deadlineInForce(long ticket) {
        return rows.waiting(ticket).flatMap(row -> switch (row) {
            case WaitRow.Task task ->
                Stream.concat(task.timeout().stream(), task.heartbeat().map(WaitRow.HeartbeatDue::due).stream())
                        .min(Instant::compareTo);
            case WaitRow.Pause pause -> Optional.of(pause.due());
            case WaitRow.ExecutionDeadline deadline -> Optional.of(deadline.due());
            case WaitRow.AbandonedChild _, WaitRow.MapRun _, WaitRow.MapTask _ -> Optional.empty();
        });
    }
}
