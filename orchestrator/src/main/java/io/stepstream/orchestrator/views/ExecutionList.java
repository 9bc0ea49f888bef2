package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.ListedExecution;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The lists of executions of one partition. Applying a status a second time changes nothing. */
final class ExecutionList {
    /** Rows looked at for a page, at most: one whose filter shows little is short rather than late. */
    private static final int SCANNED = 5_000;

    private ExecutionList() {}

    /**
     * Lists an execution as its last status says; EXPRESS ones only as children of a Map run, as AWS does.
     *
     * @return the status that it was listed with before, if it was
     */
    static Optional<String> apply(KeyValueStore<byte[], byte[]> store, String executionId, ExecutionStatus status) {
        var before = Optional.ofNullable(store.get(ListKeys.place(executionId)))
                .flatMap(place -> Optional.ofNullable(store.get(place)))
                .map(row -> ViewRows.listed(row).getStatus());
        owner(status).ifPresent(owner -> {
            var position = new Position(status.getStartDate().toEpochMilli(), executionId);
            var key = ListKeys.listed(owner, position);
            store.put(key, ViewRows.bytes(listed(status)));
            store.put(ListKeys.place(executionId), key);
        });
        return before;
    }

    /** How many of the listed executions run, by the names of their state machines. */
    static Map<String, Long> running(ReadOnlyKeyValueStore<byte[], byte[]> store) {
        var running = new HashMap<String, Long>();
        try (var rows = store.all()) {
            while (rows.hasNext()) {
                var row = rows.next();
                if (ListKeys.isListed(row.key)) {
                    var execution = ViewRows.listed(row.value);
                    if (execution.getStatus().equals("RUNNING")) {
                        running.merge(Arns.stateMachineName(execution.getExecutionArn()), 1L, Long::sum);
                    }
                }
            }
        }
        return running;
    }

    /** Forgets an execution whose status is gone. */
    static void forget(KeyValueStore<byte[], byte[]> store, String executionId) {
        var key = store.delete(ListKeys.place(executionId));
        if (key != null) {
            store.delete(key);
        }
    }

    /** The list that an execution is in, if it is in one. */
    static Optional<String> owner(ExecutionStatus status) {
        if (status.getMapRunArn() != null) {
            return Optional.of(Arns.executionId(status.getMapRunArn()));
        }
        return status.getKind().equals("STANDARD")
                ? Optional.of(Arns.executionId(status.getStateMachineArn()))
                : Optional.empty();
    }

    private static ListedExecution listed(ExecutionStatus status) {
        return new ListedExecution(
                status.getExecutionArn(),
                status.getName(),
                status.getStateMachineArn(),
                status.getStatus(),
                status.getStartDate(),
                status.getStopDate(),
                status.getVersionArn(),
                status.getAliasArn(),
                status.getMapRunArn(),
                status.getItemCount(),
                status.getRedriveCount(),
                status.getRedriveDate());
    }

    /** Up to {@code limit} executions behind a place. */
    static ListPage page(ReadOnlyKeyValueStore<byte[], byte[]> store, ListFilter filter, Position after, int limit) {
        var entries = new ArrayList<ListPage.Entry>();
        var last = after;
        var first = after.equals(Position.FIRST)
                ? ListKeys.firstOf(filter.owner())
                : ListKeys.listed(filter.owner(), after);
        try (var rows = store.range(first, ListKeys.lastOf(filter.owner()))) {
            for (var scanned = 0; rows.hasNext(); scanned++) {
                var row = rows.next();
                if (Arrays.equals(row.key, first) && !after.equals(Position.FIRST)) {
                    continue;
                }
                if (entries.size() == limit || scanned == SCANNED) {
                    return new ListPage(entries, Optional.of(last));
                }
                last = ListKeys.position(row.key);
                var execution = ViewRows.listed(row.value);
                if (filter.shows(execution)) {
                    entries.add(new ListPage.Entry(last, execution));
                }
            }
        }
        return new ListPage(entries, Optional.empty());
    }
}
