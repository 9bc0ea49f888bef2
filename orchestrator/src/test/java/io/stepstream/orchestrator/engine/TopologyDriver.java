package io.stepstream.orchestrator.engine;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.scenario.Observation;
import io.stepstream.asl.execution.scenario.ScenarioDriver;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.TaskTaken;
import io.stepstream.schemas.avro.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plays scenarios on the topology: records in, records out. */
final class TopologyDriver implements ScenarioDriver {
    private static final String MACHINE = "machine";

    private final EngineUnderTest engine;
    private final Map<Long, TaskRequest> requests = new HashMap<>();
    private Set<String> taskNames = Set.of();
    private String revision = "";

    TopologyDriver(EngineUnderTest engine) {
        this.engine = engine;
    }

    @Override
    public void deploy(String definition, Set<String> unregistered) {
        taskNames = switch (StateMachine.parse(definition)) {
            case Parsed.Valid valid -> valid.machine().taskNames();
            case Parsed.Invalid invalid -> throw new AssertionError(invalid.findings());
        };
        engine.taskTopics.addAll(taskNames);
        if (unregistered.isEmpty()) {
            revision = engine.create(MACHINE, definition);
        } else {
            deployWithout(definition, unregistered);
        }
    }

    /** A deployed machine's own names are always registered: that some are not must be said to the topic of definitions itself. */
    private void deployWithout(String definition, Set<String> unregistered) {
        revision = Hashes.revision(definition, "role", "{}");
        var arn = Arns.DEFAULT.stateMachine(MACHINE);
        var names =
                taskNames.stream().filter(name -> !unregistered.contains(name)).toList();
        var source = new StateMachineRevision(
                arn,
                MACHINE,
                "role",
                "STANDARD",
                revision,
                1L,
                definition,
                names,
                EngineUnderTest.START,
                false,
                "{}",
                null,
                "",
                "");
        engine.send(Topics.DEFINITIONS, Definitions.key(arn, revision), new Definition(source));
    }

    @Override
    public List<Observation> play(Input input) {
        switch (input) {
            case Input.Start(var text) -> engine.start(MACHINE, revision, "run", text);
            case Input.Complete(var ticket, var output) -> answer(ticket, new TaskSucceeded(Payloads.of(output)));
            case Input.Fail(var ticket, var error, var cause) ->
                answer(ticket, new TaskFailed(error.orElse(null), cause.orElse(null)));
            case Input.Take(var ticket, var worker) -> answer(ticket, new TaskTaken(worker.orElse(null)));
            case Input.Heartbeat(var ticket) -> answer(ticket, new TaskHeartbeat());
            case Input.Stop(var error, var cause) -> stop(error, cause);
            case Input.Advance(var by) -> engine.advance(by);
        }
        return seen();
    }

    private void answer(long ticket, Object body) {
        var request = requests.get(ticket);
        if (request == null) {
            throw new AssertionError("task#" + ticket + " was never asked for");
        }
        engine.answer(request, body);
    }

    private void stop(Optional<String> error, Optional<String> cause) {
        var arn = Arns.DEFAULT.execution(MACHINE, "run");
        var stop = new StopExecution(arn, error.orElse(null), cause.orElse(null));
        engine.send(Topics.COMMANDS, Arns.executionId(arn), new Command(engine.caller(), stop));
    }

    private List<Observation> seen() {
        var seen = new ArrayList<Observation>();
        taskNames.stream()
                .flatMap(name -> engine.read(Topics.taskRequests(name), TaskRequest.class).stream())
                .sorted(Comparator.comparing(this::ticket))
                .forEach(request -> {
                    requests.put(ticket(request), request);
                    var input =
                            Payloads.json(request.getInput()).replace(request.getToken(), "token-" + ticket(request));
                    seen.add(new Observation.Task(ticket(request), request.getName(), input));
                });
        for (var verdict : engine.read(Topics.VERDICTS, Verdict.class)) {
            Optional.ofNullable(verdict.getRefusal()).ifPresent(reason -> seen.add(new Observation.Refused(reason)));
        }
        for (var status : engine.read(Topics.EXECUTIONS, ExecutionStatus.class)) {
            end(engine.open(status)).ifPresent(seen::add);
        }
        return seen;
    }

    private static Optional<Observation> end(ExecutionStatus status) {
        var error = Optional.ofNullable(status.getError());
        var cause = Optional.ofNullable(status.getCause());
        return switch (status.getStatus()) {
            case "SUCCEEDED" -> Optional.of(new Observation.Succeeded(Payloads.json(status.getOutput())));
            case "FAILED" -> Optional.of(new Observation.Ended("failed", error, cause));
            case "TIMED_OUT" -> Optional.of(new Observation.Ended("timed out", error, cause));
            case "ABORTED" -> Optional.of(new Observation.Ended("aborted", error, cause));
            default -> Optional.empty();
        };
    }

    private long ticket(TaskRequest request) {
        try {
            TaskToken token = engine.keys.verify(request.getToken());
            return token.ticket();
        } catch (InvalidToken e) {
            throw new AssertionError("a request with a token that is none", e);
        }
    }

    @Override
    public boolean seesTimers() {
        return false;
    }
}
