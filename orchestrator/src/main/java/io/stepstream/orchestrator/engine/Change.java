package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.avro.StateMachineResource;
import java.util.Optional;

/** What a command makes of a state machine. */
sealed interface Change {

    /**
     * The state machine is as the command wants it.
     *
     * @param now what is to be its row; with the sequence it had if nothing has changed
     * @param version number of the version that the command is about
     */
    record Accepted(StateMachineResource now, Optional<Long> version) implements Change {}

    /** @param reason in AWS's words where they are known */
    record Refused(Refusal refusal, String reason) implements Change {}

    /** Why a resource's command is refused. */
    enum Refusal {
        STATE_MACHINE_ALREADY_EXISTS,
        STATE_MACHINE_DOES_NOT_EXIST,
        RESOURCE_NOT_FOUND,
        CONFLICT,
        SERVICE_QUOTA_EXCEEDED,
        VALIDATION,
        TOO_MANY_TAGS
    }
}
