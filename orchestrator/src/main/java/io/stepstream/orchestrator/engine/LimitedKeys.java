package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.avro.LimitMark;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.avro.LimitAnnounced;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What this partition has heard of limits, all of it in memory: whether a state machine or a task name has one. How far it goes only its home
 * knows (ADR 0052). One home's announcements come in order, as one partition writes them.
 */
final class LimitedKeys {
    private final KeyValueStore<Bytes, byte[]> store;
    private final Set<String> limited = new HashSet<>();

    LimitedKeys(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        try (var marks = store.prefixScan(RowKeys.allLimitMarks(), new BytesSerializer())) {
            marks.forEachRemaining(
                    mark -> limited.add(OtherRows.limitMark(mark.value).getLimit()));
        }
    }

    boolean isStateMachine(String arn) {
        return limited.contains(arn);
    }

    boolean isTask(String name) {
        return !limited.isEmpty() && limited.contains(LimitKeys.task(name));
    }

    void announced(LimitAnnounced news) {
        var key = news.getLimit();
        var mark = RowKeys.limitMark(Arns.executionId(key));
        if (news.getLimited()) {
            limited.add(key);
            store.put(mark, OtherRows.encode(new LimitMark(key)));
        } else {
            limited.remove(key);
            RowDeletion.delete(store, mark);
        }
    }
}
