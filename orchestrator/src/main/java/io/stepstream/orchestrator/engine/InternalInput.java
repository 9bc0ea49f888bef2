package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Command;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Instant;
import java.util.function.Supplier;

/** The topic of what the engine tells itself; nobody else may write to it. */
final class InternalInput {
    private final RecordCodec codec;
    private final Executions executions;
    private final Outbox outbox;
    private final Supplier<Instant> wallClock;

    InternalInput(RecordCodec codec, Executions executions, Outbox outbox, Supplier<Instant> wallClock) {
        this.codec = codec;
        this.executions = executions;
        this.outbox = outbox;
        this.wallClock = wallClock;
    }

    void accept(Delivery delivery) throws NotYet {
        Internal internal;
        try {
            internal = codec.decode(delivery.value().get(), Internal.class);
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of an internal record: " + e.getMessage(), e);
        } catch (Undecodable e) {
            outbox.deadLetter(delivery, "MalformedInternal", String.valueOf(e.getMessage()), wallClock.get());
            return;
        }
        switch (internal.getBody()) {
            case ContinueExecution goOn ->
                executions.handle(
                        delivery.keyText(),
                        new Command.Continue(goOn.getTicket()),
                        Origin.of(delivery, Origin.engine()));
            default -> throw new IllegalStateException("an internal record of an unknown kind: " + internal);
        }
    }
}
