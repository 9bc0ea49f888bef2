package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.avro.TaskNameMark;
import io.stepstream.orchestrator.rows.avro.TaskNameSpread;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.TaskNameAnnounced;
import io.stepstream.schemas.avro.TaskNameKnown;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Brings a task name to every partition, and knows when it is there: whoever registers it is not answered before (ADR 0057). */
final class TaskNameSpreading {
    private final KeyValueStore<Bytes, byte[]> store;
    private final Outbox outbox;
    private final Postponed postponed;
    private final int here;
    private final int partitions;

    /**
     * The names of one partition.
     *
     * @param here its number
     * @param partitions how many there are
     */
    TaskNameSpreading(
            KeyValueStore<Bytes, byte[]> store, Outbox outbox, Postponed postponed, int here, int partitions) {
        this.store = store;
        this.outbox = outbox;
        this.postponed = postponed;
        this.here = here;
        this.partitions = partitions;
    }

    /** Whether this partition has been told of the name. */
    boolean isKnown(String name) {
        return store.get(mark(name)) != null;
    }

    /**
     * The partitions that do not know the name of an activity yet, whose commands are handled here. They are told, the first time and for every new
     * command; the command is to be postponed, and is tried again when the last one has answered.
     */
    List<Integer> unaware(String name, String activityArn, Attempt attempt, Instant now) {
        var known = spread(activityArn).map(TaskNameSpread::getUnaware);
        var unaware =
                known.orElseGet(() -> IntStream.range(0, partitions).boxed().toList());
        if (known.isEmpty()) {
            save(activityArn, unaware);
        }
        if (known.isEmpty() || attempt.number() == 0) {
            unaware.forEach(partition -> tell(
                    activityArn,
                    partition,
                    new Internal(new TaskNameAnnounced(name, activityArn, here, partition)),
                    now));
        }
        return unaware;
    }

    /** This partition is told of a name. */
    void announced(TaskNameAnnounced news, Instant now) {
        store.put(mark(news.getName()), OtherRows.encode(new TaskNameMark(news.getName())));
        var answer = new TaskNameKnown(news.getResourceArn(), news.getPartition());
        tell(news.getResourceArn(), news.getHome(), new Internal(answer), now);
    }

    /** A partition knows the name: commands that wait for the last one go on. */
    void known(TaskNameKnown answer, Instant now) {
        var arn = answer.getResourceArn();
        var before = spread(arn).map(TaskNameSpread::getUnaware).orElse(List.of());
        var unaware = before.stream()
                .filter(partition -> partition != answer.getPartition())
                .toList();
        if (unaware.size() < before.size()) {
            save(arn, unaware);
            if (unaware.isEmpty()) {
                postponed.hasten(Arns.executionId(arn), now);
            }
        }
    }

    private void tell(String activityArn, int partition, Internal letter, Instant now) {
        outbox.tell(activityArn, partition, letter, now);
    }

    private Optional<TaskNameSpread> spread(String activityArn) {
        return Optional.ofNullable(store.get(row(activityArn))).map(OtherRows::taskNameSpread);
    }

    private void save(String activityArn, List<Integer> unaware) {
        store.put(row(activityArn), OtherRows.encode(new TaskNameSpread(unaware)));
    }

    private static Bytes row(String activityArn) {
        return RowKeys.taskNameSpread(Arns.executionId(activityArn));
    }

    private static Bytes mark(String name) {
        return RowKeys.taskName(Arns.executionId(LimitKeys.task(name)));
    }
}
