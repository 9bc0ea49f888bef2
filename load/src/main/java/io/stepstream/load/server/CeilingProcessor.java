package io.stepstream.load.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.load.server.CeilingScript.Part;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.orchestrator.engine.GroupCommit;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import io.stepstream.schemas.Topics;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads a row, writes it again with its number of the step, and sends what the script says. */
final class CeilingProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    /** Far away: no timer is due while this runs. */
    private static final long DUE = 4_000_000_000_000L;

    private final CeilingScript script;
    private final GroupCommit commits = new GroupCommit();
    private final Share history;
    private final Share internal;
    private final Share verdicts;
    private final Share rows;
    private final Share rowDeletions;
    private final Share timers;
    private final Share timerDeletions;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable KeyValueStore<Bytes, byte[]> rowStore;
    private @Nullable KeyValueStore<Bytes, byte[]> timerStore;
    private long number;

    CeilingProcessor(CeilingScript script) {
        this.script = script;
        this.history = new Share(script.history());
        this.internal = new Share(script.internal());
        this.verdicts = new Share(script.verdicts());
        this.rows = new Share(script.rows());
        this.rowDeletions = new Share(script.rowDeletions());
        this.timers = new Share(script.timers());
        this.timerDeletions = new Share(script.timerDeletions());
    }

    /** How many records of a kind the next step makes, so that the average is right. */
    private static final class Share {
        private final double perStep;
        private double owed;

        Share(Part part) {
            this.perStep = part.perStep();
        }

        int next() {
            owed += perStep;
            var now = (int) owed;
            owed -= now;
            return now;
        }
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        rowStore = context.getStateStore(EngineTopology.ROWS);
        timerStore = context.getStateStore(EngineTopology.TIMERS);
        context.schedule(GroupCommit.TICK, PunctuationType.WALL_CLOCK_TIME, now -> {
            if (commits.isDue()) {
                context.commit();
            }
        });
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
        var topic = context().recordMetadata().orElseThrow().topic();
        var id = new String(input.key(), UTF_8);
        if (RowKeys.isId(id)) {
            step(topic, id, input);
        }
        commits.processed();
    }

    private void step(String topic, String id, Record<byte[], byte[]> input) {
        var key = RowKeys.execution(id);
        var row = rows().get(key);
        var step = row == null || topic.equals(Topics.COMMANDS) ? 0 : row[0];
        if (!topic.equals(Topics.INTERNAL)) {
            follow(step, input);
            step++;
        }
        send(Topics.HISTORY, history.next(), script.history(), input);
        send(Topics.INTERNAL, internal.next(), script.internal(), input);
        send(Topics.VERDICTS, verdicts.next(), script.verdicts(), input);
        put(key, id, (byte) step);
        timers(id);
    }

    /** What the clients' loop needs. */
    private void follow(int step, Record<byte[], byte[]> input) {
        if (step == 0) {
            forward(Topics.EXECUTIONS, script.began(), input);
        }
        if (step < script.tasks()) {
            forward(CeilingTopology.REQUESTS, script.request(), input);
        } else {
            forward(Topics.EXECUTIONS, script.ended(), input);
        }
    }

    private void put(Bytes key, String id, byte step) {
        var puts = rows.next();
        for (var i = 0; i < puts; i++) {
            var row = script.rows().value().clone();
            row[0] = step;
            rows().put(i == 0 ? key : RowKeys.input(id), row);
        }
        for (var i = rowDeletions.next(); i > 0; i--) {
            rows().delete(RowKeys.input(id));
        }
    }

    private void timers(String id) {
        var store = timerStore;
        if (store == null) {
            throw new IllegalStateException("used before init");
        }
        for (var i = timers.next(); i > 0; i--) {
            store.put(
                    RowKeys.timer(new TimerKey(DUE + number++, id, 1)),
                    script.timers().value());
        }
        for (var i = timerDeletions.next(); i > 0; i--) {
            store.delete(RowKeys.timer(new TimerKey(DUE + number++, id, 1)));
        }
    }

    private void send(String sink, int count, Part part, Record<byte[], byte[]> input) {
        for (var i = 0; i < count; i++) {
            forward(sink, part.value(), input);
        }
    }

    private void forward(String sink, byte[] value, Record<byte[], byte[]> input) {
        context().forward(new Record<>(input.key(), value, input.timestamp()), sink);
    }

    private ProcessorContext<byte[], byte[]> context() {
        var wired = context;
        if (wired == null) {
            throw new IllegalStateException("used before init");
        }
        return wired;
    }

    private KeyValueStore<Bytes, byte[]> rows() {
        var store = rowStore;
        if (store == null) {
            throw new IllegalStateException("used before init");
        }
        return store;
    }
}
