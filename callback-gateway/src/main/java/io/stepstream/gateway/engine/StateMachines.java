package io.stepstream.gateway.engine;

import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.gateway.form.DefinitionApprovals;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.StateMachineRevision;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Creates and finds state machines. */
public final class StateMachines {

    private static final int DEFINITION_BYTES = 1024 * 1024;

    private final CommandGate gate;
    private final Definitions definitions;
    private final TaskNames taskNames;
    private final Arns arns;

    public StateMachines(CommandGate gate, Definitions definitions, TaskNames taskNames, Arns arns) {
        this.gate = gate;
        this.definitions = definitions;
        this.taskNames = taskNames;
        this.arns = arns;
    }

    /** A state machine that has been created, now or by an earlier request just like it. */
    public record Created(String stateMachineArn, String revision, Instant creationDate, List<Finding> warnings) {}

    /**
     * Creates a state machine. When this returns, an execution can be started at once.
     *
     * @param definition text in the Amazon States Language
     * @param type {@code STANDARD} or {@code EXPRESS}
     */
    public Created create(Sender sender, String name, String definition, String roleArn, String type)
            throws ApiException {
        if (!Arns.isName(name)) {
            throw Refusals.invalidName(name);
        }
        if (definition.length() > DEFINITION_BYTES) {
            throw new ApiException(
                    ApiError.INVALID_DEFINITION,
                    "Invalid State Machine Definition: 'It has %d characters; the limit is %d'"
                            .formatted(definition.length(), DEFINITION_BYTES));
        }
        var parsed = valid(definition);
        taskNames.makeTopics(parsed.machine().taskNames());
        var arn = arns.stateMachine(name);
        var verdict = Refusals.accepted(
                gate.command(sender, arn, new CreateStateMachine(arn, name, roleArn, type, definition, false)));
        var revision = String.valueOf(verdict.getRevision());
        definitions.awaitRevision(arn, revision);
        return new Created(arn, revision, verdict.getAt(), parsed.warnings());
    }

    private static Parsed.Valid valid(String definition) throws ApiException {
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid valid -> {
                var wrong = DefinitionApprovals.findings(Json.parse(definition, ApiError.INVALID_DEFINITION));
                if (!wrong.isEmpty()) {
                    throw new ApiException(
                            ApiError.INVALID_DEFINITION,
                            "Invalid State Machine Definition: '%s'".formatted(words(wrong)),
                            wrong);
                }
                yield valid;
            }
            case Parsed.Invalid invalid ->
                throw new ApiException(
                        ApiError.INVALID_DEFINITION,
                        "Invalid State Machine Definition: '%s'".formatted(words(invalid.findings())),
                        invalid.findings());
        };
    }

    /** AWS's form of the errors among the findings; AWS writes null for the place of what concerns the whole. */
    static String words(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .map(finding -> "%s: %s at %s"
                        .formatted(
                                finding.code(),
                                finding.message(),
                                finding.path().isEmpty() ? "null" : finding.path()))
                .collect(Collectors.joining(", "));
    }

    /**
     * The state machine as it is now.
     *
     * @param nameOrArn the name of one of ours, or an ARN
     */
    public StateMachineRevision describe(String nameOrArn) throws ApiException {
        var arn = nameOrArn.startsWith("arn:") ? arn(nameOrArn) : arns.stateMachine(nameOrArn);
        return definitions.stateMachine(arn).orElseThrow(() -> Refusals.stateMachineDoesNotExist(arn));
    }

    /** Every state machine as it is now, by name. */
    public List<StateMachineRevision> all() {
        return definitions.stateMachines().stream()
                .sorted(Comparator.comparing(StateMachineRevision::getName))
                .toList();
    }

    /** The text, if it is a state machine's ARN. */
    public static String arn(String text) throws ApiException {
        if (!(StatesArn.parse(text).orElse(null) instanceof StatesArn.StateMachine)) {
            throw Refusals.invalidArn(text);
        }
        return text;
    }
}
