package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Command;
import io.stepstream.orchestrator.metrics.LimitStandings;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Barrier;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.tracing.TraceHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The one processor: takes the records of one partition of each input, and looks at the clock. */
final class EngineProcessor implements Processor<byte[], byte[], byte[], Outgoing>, Timers.Alarm {
    private final EngineSettings settings;
    private final GroupCommit commits = new GroupCommit();
    private @Nullable Wiring wiring;

    EngineProcessor(EngineSettings settings) {
        this.settings = settings;
    }

    /** What there is while the processor has a partition; made anew each time, since an aborted transaction undoes the stores. */
    private record Wiring(
            ProcessorContext<byte[], Outgoing> context,
            Outbox outbox,
            Timers timers,
            Executions executions,
            CommandInput commands,
            Purges purges,
            Sweeps sweeps,
            ResultInput results,
            InternalInput internal,
            Postponed postponed,
            PausedStateMachines pauses,
            LimitHomes limits,
            LimitStandings.Home shown,
            ParkedRecords parked) {

        Instant wallClock() {
            return Instant.ofEpochMilli(context.currentSystemTimeMs());
        }
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> context) {
        KeyValueStore<Bytes, byte[]> rows = context.getStateStore(EngineTopology.ROWS);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(EngineTopology.TIMERS);
        KeyValueStore<Bytes, byte[]> parkedStore = context.getStateStore(EngineTopology.PARKED);
        KeyValueStore<Bytes, byte[]> keyStore = context.getStateStore(EngineTopology.DATA_KEYS);
        ReadOnlyKeyValueStore<String, byte[]> definitionStore = context.getStateStore(EngineTopology.DEFINITION_STORE);
        Supplier<Instant> wallClock = () -> Instant.ofEpochMilli(context.currentSystemTimeMs());
        var outbox = new Outbox(context, settings.codec(), settings.meters());
        LongConsumer overdue = millis -> settings.meters().timerFired(Duration.ofMillis(millis));
        var timers = new Timers(timerStore, this, overdue, context.currentSystemTimeMs(), System::nanoTime);
        var definitions = new Definitions(definitionStore, settings.codec());
        var pauses = new PausedStateMachines(rows, timers);
        var limited = new LimitedKeys(rows);
        var shown = settings.meters().limits().begin(context.taskId().partition());
        var effects = new Effects(outbox, timers, pauses, settings.partitions());
        var masterKeys = settings.sealing().masterKeys();
        var keys = new DataKeys(keyStore, outbox, settings.codec(), masterKeys);
        var deadLetters = new DeadLetters(rows, keys, masterKeys, outbox);
        var kept = new KeptRows(masterKeys);
        var postponed = new Postponed(rows, kept, timers, wallClock);
        var taskNames =
                new TaskNameSpreading(rows, outbox, postponed, context.taskId().partition(), settings.partitions());
        var executions = new Executions(
                settings, rows, keys, definitions, taskNames, pauses, limited, effects, outbox, deadLetters, wallClock);
        var limits = new LimitHomes(rows, new TurnRows(masterKeys), timers, outbox, settings.partitions(), shown);
        var tasks = new TaskRegistration(settings.taskTopics(), taskNames, outbox);
        var resources = new Resources(rows, definitions, tasks, outbox, limits, settings.partitions(), wallClock);
        var activities = new Activities(rows, tasks, outbox, wallClock);
        var purges = new Purges(settings, rows, keys, timers, outbox, wallClock);
        wiring = new Wiring(
                context,
                outbox,
                timers,
                executions,
                new CommandInput(
                        settings,
                        definitions,
                        executions,
                        purges,
                        resources,
                        activities,
                        new TaskLimits(limits, outbox, wallClock),
                        postponed,
                        outbox,
                        deadLetters,
                        wallClock),
                purges,
                new Sweeps(settings.limits(), rows, keys, timers),
                new ResultInput(settings, executions, timers, outbox, deadLetters, wallClock),
                new InternalInput(
                        settings.codec(),
                        definitions,
                        executions,
                        taskNames,
                        pauses,
                        limited,
                        limits,
                        postponed,
                        outbox,
                        deadLetters,
                        wallClock),
                postponed,
                pauses,
                limits,
                shown,
                new ParkedRecords(
                        parkedStore,
                        kept,
                        this::handle,
                        settings.readiness(),
                        context.taskId().partition()));
        context.schedule(GroupCommit.TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
        var wired = wired();
        var metadata =
                wired.context().recordMetadata().orElseThrow(() -> new IllegalStateException("a record from no topic"));
        wired.parked()
                .accept(
                        Delivery.of(
                                metadata.topic(),
                                metadata.partition(),
                                metadata.offset(),
                                input.timestamp(),
                                input.key(),
                                input.value(),
                                TraceHeaders.of(input.headers())),
                        wired.wallClock());
        commits.processed();
    }

    private void handle(Delivery delivery) throws NotYet {
        var wired = wired();
        wired.outbox().follow(delivery.trace());
        switch (delivery.topic()) {
            case Topics.COMMANDS -> wired.commands().accept(delivery);
            case Topics.TASK_RESULTS -> wired.results().accept(delivery);
            case Topics.INTERNAL -> wired.internal().accept(delivery);
            default -> throw new IllegalStateException("not an input of the engine: " + delivery.topic());
        }
    }

    /** Fires what is due, and asks for a commit in a pause. */
    private void tick(long timestamp) {
        var wired = wired();
        var now = wired.wallClock();
        wired.outbox().follow(TraceHeaders.NONE);
        var worked = wired.parked().drain(now);
        worked |= wired.timers().tick(now);
        if (worked) {
            commits.processed();
        }
        if (commits.isDue()) {
            wired.context().commit();
        }
    }

    @Override
    public void fire(TimerKey timer, Timers.Kind kind) throws NotYet {
        // Of the tick's last step, perhaps.
        wired().outbox().follow(TraceHeaders.NONE);
        switch (kind) {
            case WAKE, DEADLINE ->
                wired().executions()
                        .handle(
                                timer.id(),
                                new Command.FireTimer(timer.ticket(), Instant.ofEpochMilli(timer.dueMillis())),
                                Origin.of(timer));
            case POSTPONED -> wired().postponed().again(timer, this::again);
            case PURGE -> wired().purges().goOn(timer.id(), wired().wallClock());
            case SWEEP -> wired().sweeps().sweep(timer.id(), wired().wallClock());
            case TURNS -> wired().limits().goOn(timer.id(), wired().wallClock());
            case RESUME -> wired().pauses().wake(timer.id(), wired().wallClock(), this::wake);
        }
    }

    private void wake(String executionId, long ticket) throws NotYet {
        wired().outbox().follow(TraceHeaders.NONE);
        var timer = new TimerKey(wired().wallClock().toEpochMilli(), executionId, ticket);
        wired().executions().handle(executionId, new Command.Continue(ticket), Origin.of(timer));
    }

    private void again(Delivery delivery, Attempt attempt) throws NotYet {
        wired().outbox().follow(delivery.trace());
        switch (delivery.topic()) {
            case Topics.COMMANDS -> wired().commands().accept(delivery, attempt);
            case Topics.INTERNAL -> wired().internal().accept(delivery, attempt);
            default -> throw new IllegalStateException("nothing of this topic is postponed: " + delivery.topic());
        }
    }

    @Override
    public void sendBarrier(long id, Instant now) {
        var partition = wired().context().taskId().partition();
        var secret = ByteBuffer.wrap(settings.tokens().signBarrier(partition, id));
        var barrier = TaskResult.newBuilder()
                .setCaller(Origin.engine())
                .setToken("")
                .setBody(new Barrier(partition, secret, id))
                .build();
        wired().outbox().barrier(partition, barrier, now);
    }

    private Wiring wired() {
        var wired = wiring;
        if (wired == null) {
            throw new IllegalStateException("used before init");
        }
        return wired;
    }

    @Override
    public void close() {
        var wired = wiring;
        if (wired != null) {
            settings.meters().limits().end(wired.context().taskId().partition(), wired.shown());
        }
        wiring = null;
        commits.reset();
    }
}
