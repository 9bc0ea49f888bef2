package io.stepstream.orchestrator.engine;

import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A revision of a state machine in the making.
 *
 * @param taskNames what its tasks are called, in order
 */
record Draft(
        String arn,
        WorkflowType type,
        String definition,
        String roleArn,
        String configuration,
        List<String> taskNames) {
    private static final int HASH_DIGITS = 32;

    /** A definition's hash, as a state machine's row keeps it. */
    static String hash(String definition) {
        return Hashes.sha256(definition).substring(0, HASH_DIGITS);
    }

    /** What the revision is called. */
    String revision() {
        return Hashes.revision(definition, roleArn, configuration);
    }

    /**
     * A state machine whose first revision this is.
     *
     * @param deleted the one of the same ARN that was there before: its pause and its limit outlive it
     */
    StateMachineResource first(CreateStateMachine create, Optional<StateMachineResource> deleted, Instant now) {
        return StateMachineResource.newBuilder()
                .setStateMachineArn(arn)
                .setName(create.getName())
                .setType(type.name())
                .setStatus(Resources.ACTIVE)
                .setRevision(revision())
                .setRevisions(1)
                .setSealed(create.getSealed())
                .setDefinitionHash(hash(definition))
                .setRoleArn(roleArn)
                .setConfiguration(configuration)
                .setCreatedAt(now)
                .setNextVersion(1)
                .setVersions(List.of())
                .setAliases(List.of())
                .setTags(create.getTags())
                .setPausedAt(deleted.map(StateMachineResource::getPausedAt).orElse(null))
                .setPausedBy(deleted.map(StateMachineResource::getPausedBy).orElse(""))
                .setMaxConcurrentExecutions(deleted.map(StateMachineResource::getMaxConcurrentExecutions)
                        .orElse(null))
                .setSequence(deleted.map(StateMachineResource::getSequence).orElse(0L) + 1)
                .build();
    }

    /** The state machine with this as its current revision; the same altogether if that is current and has an id. */
    StateMachineResource next(StateMachineResource machine) {
        if (revision().equals(machine.getRevision()) && machine.getRevisionId() != null) {
            return machine;
        }
        var revisions = machine.getRevisions() + 1;
        var id = UUID.nameUUIDFromBytes((arn + " " + revision() + " " + revisions).getBytes(StandardCharsets.UTF_8));
        return StateMachineChanges.next(machine)
                .setRevision(revision())
                .setRevisionId(id.toString())
                .setRevisions(revisions)
                .setDefinitionHash(hash(definition))
                .setRoleArn(roleArn)
                .setConfiguration(configuration)
                .build();
    }

    /** What everybody is told of the revision, once it is this state machine's current one. */
    StateMachineRevision source(StateMachineResource machine, Caller caller, Instant now) {
        return StateMachineRevision.newBuilder()
                .setStateMachineArn(arn)
                .setName(machine.getName())
                .setRoleArn(roleArn)
                .setType(machine.getType())
                .setRevision(revision())
                .setNumber(machine.getRevisions())
                .setDefinition(definition)
                .setTaskNames(taskNames)
                .setCreatedAt(now)
                .setSealed(machine.getSealed())
                .setConfiguration(configuration)
                .setRevisionId(machine.getRevisionId())
                .setCreatedBy(caller.getPrincipal())
                .setCreatedFrom(caller.getAddress())
                .build();
    }
}
