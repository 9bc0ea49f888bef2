package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.Alias;
import io.stepstream.schemas.avro.DeleteAlias;
import io.stepstream.schemas.avro.DeleteVersion;
import io.stepstream.schemas.avro.PublishVersion;
import io.stepstream.schemas.avro.PutAlias;
import io.stepstream.schemas.avro.PutMode;
import io.stepstream.schemas.avro.Route;
import io.stepstream.schemas.avro.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Versions and aliases of state machines. */
public final class Versions {
    private final CommandGate gate;
    private final Definitions definitions;

    public Versions(CommandGate gate, Definitions definitions) {
        this.gate = gate;
        this.definitions = definitions;
    }

    /** A version that has been published, now or before. */
    public record Published(String versionArn, Instant creationDate) {}

    /** Makes the current revision a version. */
    public Published publish(
            Sender sender, StatesArn.StateMachine machine, Optional<String> revisionId, Optional<String> description)
            throws ApiException {
        var verdict = changed(
                sender,
                machine,
                new PublishVersion(machine.text(), revisionId.orElse(null), description.orElse(null)));
        return new Published(StateMachines.versionArn(machine.text(), verdict).orElseThrow(), verdict.getAt());
    }

    public void delete(Sender sender, StatesArn.Version version) throws ApiException {
        if (definitions.stateMachine(version.stateMachine().text()).isPresent()) {
            var unused = changed(
                    sender,
                    version.stateMachine(),
                    new DeleteVersion(version.stateMachine().text(), version.number()));
        }
    }

    /** Creates an alias; answers when it was created. */
    public Instant createAlias(
            Sender sender, StatesArn.Alias alias, Optional<String> description, List<Route> routes)
            throws ApiException {
        return put(sender, alias, PutMode.CREATE, description, routes);
    }

    /** Changes an alias; what is not given stays as it is. */
    public Instant updateAlias(
            Sender sender, StatesArn.Alias alias, Optional<String> description, List<Route> routes)
            throws ApiException {
        return put(sender, alias, PutMode.UPDATE, description, routes);
    }

    private Instant put(
            Sender sender, StatesArn.Alias alias, PutMode mode, Optional<String> description, List<Route> routes)
            throws ApiException {
        var machine = alias.stateMachine();
        return changed(
                        sender,
                        machine,
                        new PutAlias(machine.text(), alias.name(), mode, description.orElse(null), routes))
                .getAt();
    }

    /** Deletes an alias; one that is not there is as good as deleted. */
    public void deleteAlias(Sender sender, StatesArn.Alias alias) throws ApiException {
        if (definitions.stateMachine(alias.stateMachine().text()).isEmpty()) {
            throw Refusals.resourceNotFound(alias.text());
        }
        var unused = changed(
                sender,
                alias.stateMachine(),
                new DeleteAlias(alias.stateMachine().text(), alias.name()));
    }

    /** The alias of this ARN. */
    public Alias alias(StatesArn.Alias alias) throws ApiException {
        definitions.catchUp();
        return definitions.stateMachine(alias.stateMachine().text()).stream()
                .flatMap(machine -> machine.getAliases().stream())
                .filter(known -> known.getName().equals(alias.name()))
                .findFirst()
                .orElseThrow(() -> Refusals.resourceNotFound(alias.text()));
    }

    private Verdict changed(Sender sender, StatesArn.StateMachine machine, Object command) throws ApiException {
        var verdict = Refusals.accepted(gate.command(sender, machine.text(), command));
        definitions.awaitSequence(machine.text(), verdict.getSequence());
        return verdict;
    }
}
