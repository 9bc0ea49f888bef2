package io.stepstream.chaos.check;

import io.stepstream.audit.MemoryLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;

/** Topics of one partition each, in memory. */
final class MemoryRecording implements Recording {
    private final MemoryLog log;
    private boolean moves;
    private Moment moment = new Moment(Instant.EPOCH, Set.of(), 0, 0);

    MemoryRecording(SchemaRegistry schemas) {
        this(new MemoryLog(schemas));
    }

    private MemoryRecording(MemoryLog log) {
        this.log = log;
    }

    /** Has it be looked at in this moment. */
    void seen(Moment in) {
        moment = in;
    }

    /** Has it be looked at this late, with nothing on its way. */
    void seenAt(Instant time) {
        seen(new Moment(time, Set.of(), 0, 0));
    }

    /** The same, but records are appended to it all the time. */
    MemoryRecording moving() {
        moves = true;
        return this;
    }

    MemoryRecording copy() {
        var copy = new MemoryRecording(log.copy());
        copy.moment = moment;
        return copy;
    }

    void add(String topic, byte[] key, byte[] value, long timestamp) {
        var all = of(topic);
        all.add(new LogRecord(
                0,
                all.size(),
                timestamp,
                Optional.ofNullable(key).map(Bytes::wrap),
                Optional.ofNullable(value).map(Bytes::wrap),
                List.of()));
    }

    List<LogRecord> of(String topic) {
        return log.of(topic, 0);
    }

    void remove(String topic, Predicate<LogRecord> which) {
        of(topic).removeIf(which);
    }

    /** Removes the last record that fits, and returns it. */
    LogRecord removeLast(String topic, Predicate<LogRecord> which) {
        var found = of(topic).reversed().stream().filter(which).findFirst().orElseThrow();
        of(topic).remove(found);
        return found;
    }

    @Override
    public List<String> topics() {
        return log.topics();
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public void read(String topic, Consumer<LogRecord> each) {
        of(topic).forEach(each);
    }

    /** Ends further on whenever it is looked at, if it moves. */
    @Override
    public Moment moment() {
        if (moves) {
            var end = moment.ends().stream().mapToLong(Place::offset).max().orElse(0) + 1;
            moment = new Moment(
                    moment.at(), Set.of(new Place(Topics.HISTORY, 0, end)), moment.unread(), moment.transactions());
        }
        return moment;
    }

    @Override
    public LogSource log() {
        return log;
    }
}
