package io.stepstream.gateway.engine;

import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.gateway.form.DefinitionApprovals;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.DeleteStateMachine;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.UpdateStateMachine;
import io.stepstream.schemas.avro.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Creates, changes and finds state machines. */
public final class StateMachines {

    private static final int DEFINITION_BYTES = 1024 * 1024;

    private final CommandGate gate;
    private final Definitions definitions;
    private final TaskNames taskNames;
    private final QueryApi queries;
    private final Arns arns;

    public StateMachines(CommandGate gate, Definitions definitions, TaskNames taskNames, QueryApi queries, Arns arns) {
        this.gate = gate;
        this.definitions = definitions;
        this.taskNames = taskNames;
        this.queries = queries;
        this.arns = arns;
    }

    /** How what is kept of a state machine's executions is kept: see docs/purge.md. */
    public enum Data {
        OPEN,
        /** Sealed, each execution's under a key of its own, so that it can be purged. */
        SEALED
    }

    /**
     * What a state machine is to be.
     *
     * @param definition text in the Amazon States Language
     * @param configuration JSON object of AWS's configurations
     */
    public record Wanted(
            String name,
            String definition,
            String roleArn,
            WorkflowType type,
            Data data,
            String configuration,
            Publish publish,
            Map<String, String> tags) {

        /** A state machine with nothing but what it needs. */
        public static Wanted plain(String name, String definition, String roleArn, WorkflowType type, Data data) {
            return new Wanted(name, definition, roleArn, type, data, "{}", Publish.NOTHING, Map.of());
        }
    }

    /** What is to be changed of a state machine; {@code configuration} as in {@link Wanted}, with those to be replaced. */
    public record Changes(
            Optional<String> definition, Optional<String> roleArn, String configuration, Publish publish) {}

    /**
     * Whether a revision becomes a version.
     *
     * @param version whether it does
     * @param description of the version
     */
    public record Publish(boolean version, Optional<String> description) {
        public static final Publish NOTHING = new Publish(false, Optional.empty());
    }

    /** A state machine that has been created, now or by an earlier request just like it. */
    public record Created(
            String stateMachineArn,
            String revision,
            Optional<String> versionArn,
            Instant creationDate,
            List<Finding> warnings) {}

    /**
     * A state machine that has been changed.
     *
     * @param warnings what is doubtful in its new definition; none if it kept the one it had
     */
    public record Updated(String revisionId, Optional<String> versionArn, Instant updateDate, List<Finding> warnings) {}

    /** Creates a state machine. When this returns, an execution can be started at once. */
    public Created create(Sender sender, Wanted wanted) throws ApiException {
        if (!Arns.isName(wanted.name())) {
            throw Refusals.invalidName(wanted.name());
        }
        var parsed = valid(wanted.definition(), wanted.type());
        taskNames.deploy(parsed.machine().taskNames());
        var arn = arns.stateMachine(wanted.name());
        if (isDeleting(arn)) {
            throw deleting(arn);
        }
        var verdict = Refusals.accepted(gate.command(
                sender,
                arn,
                CreateStateMachine.newBuilder()
                        .setStateMachineArn(arn)
                        .setName(wanted.name())
                        .setRoleArn(wanted.roleArn())
                        .setType(wanted.type().name())
                        .setDefinition(wanted.definition())
                        .setSealed(wanted.data() == Data.SEALED)
                        .setConfiguration(wanted.configuration())
                        .setPublish(wanted.publish().version())
                        .setVersionDescription(wanted.publish().description().orElse(null))
                        .setTags(wanted.tags())
                        .build()));
        definitions.awaitSequence(arn, verdict.getSequence());
        return new Created(
                arn,
                String.valueOf(verdict.getRevision()),
                versionArn(arn, verdict),
                verdict.getAt(),
                warnings(parsed));
    }

    private List<Finding> warnings(Parsed.Valid parsed) {
        return Stream.concat(
                        parsed.warnings().stream(),
                        taskNames.withoutConsumer(parsed.machine().taskNames()).stream())
                .toList();
    }

    private static ApiException deleting(String arn) {
        return new ApiException(
                ApiError.STATE_MACHINE_DELETING,
                "State Machine Deleting: '%s' has executions that still run".formatted(arn));
    }

    /** Makes another revision of a state machine current. */
    public Updated update(Sender sender, StatesArn.StateMachine arn, Changes changes) throws ApiException {
        var machine = existing(arn.text());
        List<Finding> warnings = List.of();
        if (changes.definition().isPresent()) {
            var parsed = valid(changes.definition().get(), WorkflowType.valueOf(machine.getType()));
            taskNames.deploy(parsed.machine().taskNames());
            warnings = warnings(parsed);
        }
        var verdict = Refusals.accepted(gate.command(
                sender,
                arn.text(),
                UpdateStateMachine.newBuilder()
                        .setStateMachineArn(arn.text())
                        .setDefinition(changes.definition().orElse(null))
                        .setRoleArn(changes.roleArn().orElse(null))
                        .setConfiguration(changes.configuration())
                        .setPublish(changes.publish().version())
                        .setVersionDescription(changes.publish().description().orElse(null))
                        .build()));
        definitions.awaitSequence(arn.text(), verdict.getSequence());
        return new Updated(
                String.valueOf(verdict.getRevisionId()), versionArn(arn.text(), verdict), verdict.getAt(), warnings);
    }

    /** Deletes a state machine with its versions and aliases; one that is not there is as good as deleted. */
    public void delete(Sender sender, StatesArn.StateMachine arn) throws ApiException {
        var verdict = Refusals.accepted(gate.command(sender, arn.text(), new DeleteStateMachine(arn.text())));
        definitions.awaitSequence(arn.text(), verdict.getSequence());
    }

    /** Has the executions of a state machine begin nothing more until it is resumed; answers since when. A deleted one still has some. */
    public Instant pause(Sender sender, String arn) throws ApiException {
        return changed(arn, Refusals.accepted(gate.command(sender, arn, new PauseStateMachine(arn))));
    }

    /** Lets the executions of a paused state machine go on; answers since when. */
    public Instant resume(Sender sender, String arn) throws ApiException {
        return changed(arn, Refusals.accepted(gate.command(sender, arn, new ResumeStateMachine(arn))));
    }

    private Instant changed(String arn, Verdict verdict) throws ApiException {
        definitions.awaitSequence(arn, verdict.getSequence());
        return verdict.getAt();
    }

    static Optional<String> versionArn(String arn, Verdict verdict) {
        return Optional.ofNullable(verdict.getVersion()).map(version -> arn + ":" + version);
    }

    private static Parsed.Valid valid(String definition, WorkflowType type) throws ApiException {
        if (definition.length() > DEFINITION_BYTES) {
            throw new ApiException(
                    ApiError.INVALID_DEFINITION,
                    "Invalid State Machine Definition: 'It has %d characters; the limit is %d'"
                            .formatted(definition.length(), DEFINITION_BYTES));
        }
        return switch (StateMachine.parse(definition, type)) {
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
    public static String words(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .map(finding -> "%s: %s at %s"
                        .formatted(
                                finding.code(),
                                finding.message(),
                                finding.path().isEmpty() ? "null" : finding.path()))
                .collect(Collectors.joining(", "));
    }

    /** The state machine of this ARN. */
    public StateMachineResource existing(String arn) throws ApiException {
        var found = definitions.stateMachine(arn);
        if (found.isPresent()) {
            return found.get();
        }
        throw isDeleting(arn) ? deleting(arn) : Refusals.stateMachineDoesNotExist(arn);
    }

    /** The ARN that is meant by the name of one of our state machines, or by its ARN. */
    public String arn(String nameOrArn) throws ApiException {
        return nameOrArn.startsWith("arn:")
                ? ResourceArns.of(StatesArn.StateMachine.class, nameOrArn).text()
                : arns.stateMachine(nameOrArn);
    }

    /** A state machine's revision, which it or one of its executions names. */
    public StateMachineRevision revision(String arn, String revision) throws ApiException {
        return definitions.revision(arn, revision).orElseThrow(() -> Refusals.stateMachineDoesNotExist(arn));
    }

    /** Whether this state machine was deleted while executions of it still run. */
    public boolean isDeleting(String arn) throws ApiException {
        if (definitions.deleting(arn).isEmpty()) {
            return false;
        }
        var running = QueryApi.ListQuery.of(Arns.executionId(arn)).withStatus(Optional.of("RUNNING"));
        return !queries.executions(running, Optional.empty(), 1)
                .path("executions")
                .isEmpty();
    }

    /** The state machine of this ARN, even if it is only there for executions that still run. */
    public StateMachineResource describable(String arn) throws ApiException {
        definitions.catchUp();
        var active = definitions.stateMachine(arn);
        if (active.isPresent()) {
            return active.get();
        }
        var deleted = definitions.deleting(arn);
        if (deleted.isPresent() && isDeleting(arn)) {
            return deleted.get();
        }
        throw Refusals.stateMachineDoesNotExist(arn);
    }

    /**
     * What an execution would be started from.
     *
     * @param nameOrArn the name of one of our state machines, its ARN, or that of a version or an alias of it
     * @param seed decides between the versions of an alias, by their weights: the same one always as the same
     */
    public Target target(String nameOrArn, String seed) throws ApiException {
        var arn = nameOrArn.startsWith("arn:") ? nameOrArn : arns.stateMachine(nameOrArn);
        return switch (ResourceArns.any(arn)) {
            case StatesArn.StateMachine machine -> {
                var found = existing(arn);
                yield new Target(found, revision(arn, found.getRevision()), Optional.empty(), Optional.empty());
            }
            case StatesArn.Version version ->
                version(existing(version.stateMachine().text()), version.number(), arn, Optional.empty());
            case StatesArn.Alias alias -> {
                var found = existing(alias.stateMachine().text());
                var routed = found.getAliases().stream()
                        .filter(known -> known.getName().equals(alias.name()))
                        .findFirst()
                        .orElseThrow(() -> Refusals.stateMachineDoesNotExist(arn));
                yield version(found, Routing.choose(routed.getRoutes(), seed), arn, Optional.of(arn));
            }
            case StatesArn.Execution other -> throw Refusals.wrongType(other);
            case StatesArn.ExpressExecution other -> throw Refusals.wrongType(other);
            case StatesArn.MapRun other -> throw Refusals.wrongType(other);
            case StatesArn.Activity other -> throw Refusals.wrongType(other);
        };
    }

    private Target version(StateMachineResource machine, long number, String asked, Optional<String> aliasArn)
            throws ApiException {
        var version = machine.getVersions().stream()
                .filter(known -> known.getNumber() == number)
                .findFirst()
                .orElseThrow(() -> Refusals.stateMachineDoesNotExist(asked));
        return new Target(
                machine,
                revision(machine.getStateMachineArn(), version.getRevision()),
                Optional.of(machine.getStateMachineArn() + ":" + number),
                aliasArn);
    }

    /** All state machines, or those behind this ARN. */
    public List<StateMachineResource> listAfter(String arn) throws ApiException {
        definitions.catchUp();
        return definitions.stateMachinesAfter(arn);
    }

    /** Makes what follows see everything that was done before this call, through whichever gateway. */
    public void catchUp() throws ApiException {
        definitions.catchUp();
    }
}
