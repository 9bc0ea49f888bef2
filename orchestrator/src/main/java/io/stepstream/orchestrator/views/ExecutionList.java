package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.ListedExecution;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The lists of executions of one partition. Applying a status a second time changes nothing. */
final class ExecutionList {
    /** Rows looked at for a page, at most: one whose filter shows little is short rather than late. */
    private static final int SCANNED = 5_000;

    /** A cause is read from the whole status, which may be large. */
    private static final int STATUS_COST = 5;

    private static final Set<String> HAVE_CAUSES = Set.of("FAILED", "TIMED_OUT", "ABORTED");

    private ExecutionList() {}

    /**
     * Lists an execution as its last status says; EXPRESS ones only as children of a Map run, as AWS does.
     *
     * @return the status that it was listed with before, if it was
     */
    static Optional<String> apply(KeyValueStore<byte[], byte[]> store, String executionId, ExecutionStatus status) {
        var place = Optional.ofNullable(store.get(ListKeys.place(executionId)));
        var before = place.flatMap(at -> Optional.ofNullable(store.get(at)))
                .map(row -> ViewRows.listed(row).getStatus());
        owner(status).ifPresent(owner -> {
            var position = new Position(status.getStartDate().toEpochMilli(), executionId);
            var key = ListKeys.listed(owner, position);
            store.put(key, ViewRows.bytes(listed(status)));
            if (place.filter(at -> Arrays.equals(at, key)).isEmpty()) {
                if (status.getMapRunArn() == null) {
                    store.put(ListKeys.started(position), key);
                }
                // Last: where it is there, after a crash too, the others are.
                store.put(ListKeys.place(executionId), key);
            }
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
            store.delete(ListKeys.started(ListKeys.position(key)));
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
                status.getRedriveDate(),
                status.getError(),
                status.getPausedAt(),
                status.getPausedBy());
    }

    /**
     * Up to {@code limit} executions behind a place.
     *
     * @param statuses the last status of an execution of this partition
     */
    static ListPage page(
            ReadOnlyKeyValueStore<byte[], byte[]> store,
            Function<String, Optional<ExecutionStatus>> statuses,
            ListFilter filter,
            Position after,
            int limit) {
        var entries = new ArrayList<ListPage.Entry>();
        var first = filter.first(after);
        var last = first;
        if (first.compareTo(filter.last()) > 0) {
            return new ListPage(entries, Optional.empty());
        }
        try (var rows = store.range(ListKeys.at(filter.owner(), first), ListKeys.at(filter.owner(), filter.last()))) {
            var cost = 0;
            while (rows.hasNext()) {
                var row = rows.next();
                var position = ListKeys.position(row.key);
                if (position.equals(after)) {
                    continue;
                }
                if (entries.size() == limit || cost >= SCANNED) {
                    return new ListPage(entries, Optional.of(last));
                }
                cost++;
                last = position;
                var listed = filter.owner().isPresent() ? row.value : store.get(row.value);
                if (listed == null || !filter.shows(ViewRows.listed(listed))) {
                    continue;
                }
                if (filter.search().errorText().isPresent()) {
                    cost += STATUS_COST;
                }
                var execution = ViewRows.listed(listed);
                if (mentions(execution, statuses, position, filter)) {
                    entries.add(new ListPage.Entry(position, execution));
                }
            }
        }
        return new ListPage(entries, Optional.empty());
    }

    private static boolean mentions(
            ListedExecution execution,
            Function<String, Optional<ExecutionStatus>> statuses,
            Position position,
            ListFilter filter) {
        var text = filter.search().errorText();
        return text.isEmpty()
                || ListFilter.mentions(Optional.ofNullable(execution.getError()), text.get())
                || HAVE_CAUSES.contains(execution.getStatus())
                        && ListFilter.mentions(
                                statuses.apply(position.executionId()).map(ExecutionStatus::getCause), text.get());
    }
}
