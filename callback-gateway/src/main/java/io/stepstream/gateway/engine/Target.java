package io.stepstream.gateway.engine;

import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import java.util.Optional;

/**
 * What an execution is started from.
 *
 * @param revision what it is to run
 * @param versionArn the version that this is, if it was chosen by one
 * @param aliasArn the alias that chose that
 */
public record Target(
        StateMachineResource stateMachine,
        StateMachineRevision revision,
        Optional<String> versionArn,
        Optional<String> aliasArn) {}
