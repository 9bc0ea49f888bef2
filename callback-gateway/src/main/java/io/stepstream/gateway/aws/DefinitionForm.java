package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import java.time.Instant;
import java.util.Optional;

/** State machines as the API describes them. */
final class DefinitionForm {
    private DefinitionForm() {}

    /** @param arn as it was asked for: of the state machine, of a version, or of an alias */
    static ObjectNode described(
            String arn, StateMachineResource machine, StateMachineRevision revision, Instant created, Shown shown) {
        return common(revision, shown)
                .put("stateMachineArn", arn)
                .put("status", machine.getStatus())
                .put("type", machine.getType())
                .put("creationDate", AwsForm.seconds(created));
    }

    static ObjectNode ofExecution(StateMachineRevision revision, Shown shown) {
        return common(revision, shown)
                .put("stateMachineArn", revision.getStateMachineArn())
                .put("updateDate", AwsForm.seconds(revision.getCreatedAt()));
    }

    private static ObjectNode common(StateMachineRevision revision, Shown shown) {
        var output = Json.object().put("name", revision.getName()).put("roleArn", revision.getRoleArn());
        switch (shown) {
            case ALL_DATA -> {
                output.put("definition", revision.getDefinition());
                references(revision).ifPresent(found -> output.set("variableReferences", found));
            }
            // The member is required; this is what AWS gives where a caller may not see the definition.
            case METADATA_ONLY -> output.put("definition", "{}");
        }
        output.setAll(Configuration.shown(revision.getConfiguration()));
        Optional.ofNullable(revision.getRevisionId()).ifPresent(id -> output.put("revisionId", id));
        return output;
    }

    private static Optional<ObjectNode> references(StateMachineRevision revision) {
        var parsed = StateMachine.parse(revision.getDefinition(), WorkflowType.valueOf(revision.getType()));
        if (!(parsed instanceof Parsed.Valid valid)
                || valid.machine().variableReferences().isEmpty()) {
            return Optional.empty();
        }
        var references = Json.object();
        valid.machine().variableReferences().forEach((state, variables) -> {
            var names = references.putArray(state);
            variables.forEach(names::add);
        });
        return Optional.of(references);
    }
}
