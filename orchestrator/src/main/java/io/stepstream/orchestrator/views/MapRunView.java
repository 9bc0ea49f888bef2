package io.stepstream.orchestrator.views;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.orchestrator.views.avro.MapRunRow;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.MapRunItems;
import io.stepstream.schemas.avro.MapRunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The Map runs of one partition's executions: each under its execution and ticket, and beside that under its own id, where it is. A record
 * that comes again changes nothing.
 */
final class MapRunView {
    private MapRunView() {}

    static void apply(KeyValueStore<byte[], byte[]> store, String executionId, HistoryRecord record) {
        for (var state : record.getMapRuns()) {
            var key = ViewKeys.key(executionId, state.getTicket());
            var known = Optional.ofNullable(store.get(key)).map(ViewRows::mapRun);
            if (known.filter(row -> row.getStep() >= record.getStep()).isEmpty()) {
                store.put(key, ViewRows.bytes(row(state, known, record)));
                store.put(place(Arns.executionId(state.getMapRunArn())), key);
            }
        }
    }

    private static MapRunRow row(MapRunState state, Optional<MapRunRow> known, HistoryRecord record) {
        // A record of before they were counted is one of a run whose children had an item each.
        var items = Optional.ofNullable(state.getItems())
                .orElseGet(() -> new MapRunItems(
                        (long) state.getSucceeded(), (long) state.getFailed(), (long) state.getTimedOut(), (long)
                                state.getAborted()));
        var running = state.getStatus().equals("RUNNING");
        return new MapRunRow(
                record.getStep(),
                state.getMapRunArn(),
                record.getExecutionArn(),
                state.getTicket(),
                state.getStatus(),
                known.map(MapRunRow::getStartDate).orElse(record.getNow()),
                running ? null : record.getNow(),
                state.getMaxConcurrency(),
                state.getToleratedFailureCount(),
                state.getToleratedFailurePercentage(),
                state.getRead(),
                state.getTaken(),
                state.getStarted(),
                state.getSucceeded(),
                state.getFailed(),
                state.getTimedOut(),
                state.getAborted(),
                state.getWritten(),
                state.getRedriveCount(),
                state.getRedriveDate(),
                state.getPendingRedrive(),
                items.getSucceeded(),
                items.getFailed(),
                items.getTimedOut(),
                items.getAborted(),
                state.getNotRedrivable());
    }

    private static byte[] place(String mapRunId) {
        return ("m" + mapRunId).getBytes(UTF_8);
    }

    /** The Map run of this id, if it is of an execution of this partition. */
    static Optional<MapRunRow> find(ReadOnlyKeyValueStore<byte[], byte[]> store, String mapRunId) {
        return Optional.ofNullable(store.get(place(mapRunId)))
                .flatMap(key -> Optional.ofNullable(store.get(key)))
                .map(ViewRows::mapRun);
    }

    /** The Map runs of an execution, the first one first. */
    static List<MapRunRow> of(ReadOnlyKeyValueStore<byte[], byte[]> store, String executionId) {
        var runs = new ArrayList<MapRunRow>();
        try (var rows = store.range(ViewKeys.key(executionId, 0), ViewKeys.last(executionId))) {
            rows.forEachRemaining(row -> runs.add(ViewRows.mapRun(row.value)));
        }
        return runs;
    }
}
