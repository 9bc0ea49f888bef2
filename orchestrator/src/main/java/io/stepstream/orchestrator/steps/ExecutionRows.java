package io.stepstream.orchestrator.steps;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Rows;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.ExecutionTrace;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.avro.TaskDeadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;

/** The rows of one execution in the store; the packed record is read once and written at most once. */
public final class ExecutionRows implements Rows {
    private final RowStore store;
    private final String id;
    private final Optional<PackedExecution> packed;
    private final Map<Long, TaskDeadline> moved;
    private final Map<Long, TaskDeadline> heard = new LinkedHashMap<>();

    public ExecutionRows(RowStore store, String id) {
        this(store, id, List.of());
    }

    /**
     * The rows as a recorded step found them.
     *
     * @param moved deadlines that heartbeats had put off since the step before, of which there is no other record
     */
    public ExecutionRows(RowStore store, String id, List<TaskDeadline> moved) {
        this.store = store;
        this.id = id;
        this.moved =
                moved.stream().collect(Collectors.toMap(TaskDeadline::getTicket, Function.identity(), (a, _) -> a));
        this.packed = Optional.ofNullable(store.get(RowKeys.execution(id))).map(RowCodec::execution);
    }

    @Override
    public Optional<ExecutionRow> execution() {
        return packed.map(PackedExecution::execution);
    }

    @Override
    public Optional<Document> input() {
        var small = packed.flatMap(PackedExecution::input);
        return small.isPresent() ? small : read(RowKeys.input(id), RowCodec::document);
    }

    @Override
    public Optional<FrameRow> frame(FramePath path) {
        return path.isRoot()
                ? packed.flatMap(PackedExecution::root)
                : read(RowKeys.frame(id, path.text()), RowCodec::frame);
    }

    @Override
    public Optional<Document> stateInput(FramePath path) {
        return read(RowKeys.stateInput(id, path.text()), RowCodec::document);
    }

    @Override
    public Optional<WaitRow> waiting(long ticket) {
        var rootWait = packed.flatMap(PackedExecution::rootWait).filter(wait -> wait.ticket() == ticket);
        var stored = rootWait.isPresent() ? rootWait : read(RowKeys.waiting(id, ticket), RowCodec::waiting);
        return stored.map(this::asItStands);
    }

    /** A wait that heartbeats put off, with its deadline as it stands; what that is, the step's record will tell. */
    private WaitRow asItStands(WaitRow stored) {
        return switch (stored) {
            case WaitRow.Task task
            when task.heartbeat().isPresent() -> {
                var current = Optional.ofNullable(moved.get(task.ticket()))
                        .map(deadline -> new WaitRow.Task(
                                task.ticket(),
                                task.path(),
                                task.asked(),
                                task.binding(),
                                task.started(),
                                task.timeout(),
                                task.heartbeat()
                                        .map(due -> new WaitRow.HeartbeatDue(deadline.getHeartbeat(), due.interval())),
                                Optional.ofNullable(deadline.getTimer()),
                                task.child(),
                                task.limit()))
                        .orElse(task);
                current.heartbeat()
                        .ifPresent(due -> heard.put(
                                task.ticket(),
                                new TaskDeadline(
                                        task.ticket(),
                                        due.due(),
                                        current.timer().orElse(null))));
                yield current;
            }
            case WaitRow.Task _,
                    WaitRow.Pause _,
                    WaitRow.ExecutionDeadline _,
                    WaitRow.AbandonedChild _,
                    WaitRow.MapRun _,
                    WaitRow.MapTask _ -> stored;
        };
    }

    /** The deadlines that heartbeats put off, of those waits that have been read, as they stood. */
    List<TaskDeadline> deadlines() {
        return List.copyOf(heard.values());
    }

    @Override
    public Optional<Document> page(long run, int number) {
        return read(RowKeys.page(id, run, number), RowCodec::document);
    }

    @Override
    public Optional<Verdict> answered(String requestId) {
        return read(RowKeys.answered(id, requestId), RowCodec::verdict);
    }

    /** The end of the execution's chain of history records. */
    public Chain chain() {
        return packed.map(PackedExecution::chain).orElse(Chain.START);
    }

    /** The trace that the execution is part of. */
    public Optional<ExecutionTrace> trace() {
        return packed.flatMap(PackedExecution::trace);
    }

    /** Writes what a step changes, and the end of the chain after it. */
    public void apply(List<RowChange> changes, Chain chain) {
        apply(changes, chain, trace());
    }

    /** The same, and what trace the execution is part of. */
    public void apply(List<RowChange> changes, Chain chain, Optional<ExecutionTrace> trace) {
        var execution = execution();
        var root = packed.flatMap(PackedExecution::root);
        var rootWait = packed.flatMap(PackedExecution::rootWait);
        var input = packed.flatMap(PackedExecution::input);
        for (var change : changes) {
            switch (change) {
                case RowChange.PutExecution(var row) -> execution = Optional.of(row);
                case RowChange.PutInput(var given) when PackedExecution.packs(given) -> input = Optional.of(given);
                case RowChange.PutInput(var given) -> store.put(RowKeys.input(id), RowCodec.encode(given));
                case RowChange.DeleteInput() when hasPackedInput() -> input = Optional.empty();
                case RowChange.DeleteInput() -> store.delete(RowKeys.input(id));
                case RowChange.PutFrame(var row) when row.path().isRoot() -> root = Optional.of(row);
                case RowChange.PutFrame(var row) ->
                    store.put(RowKeys.frame(id, row.path().text()), RowCodec.encode(row));
                case RowChange.DeleteFrame(var path) when path.isRoot() -> root = Optional.empty();
                case RowChange.DeleteFrame(var path) -> store.delete(RowKeys.frame(id, path.text()));
                case RowChange.PutStateInput(var path, var given) ->
                    store.put(RowKeys.stateInput(id, path.text()), RowCodec.encode(given));
                case RowChange.DeleteStateInput(var path) -> store.delete(RowKeys.stateInput(id, path.text()));
                case RowChange.PutWait(var row) when isOfRoot(row) -> rootWait = Optional.of(row);
                case RowChange.PutWait(var row) -> {
                    store.put(RowKeys.waiting(id, row.ticket()), RowCodec.encode(row));
                    // What was the root's own wait has become another one's.
                    rootWait = rootWait.filter(wait -> wait.ticket() != row.ticket());
                }
                case RowChange.DeleteWait(var ticket) -> {
                    if (rootWait.isPresent() && rootWait.get().ticket() == ticket) {
                        rootWait = Optional.empty();
                    } else if (!isOfRootBefore(ticket)) {
                        store.delete(RowKeys.waiting(id, ticket));
                    }
                }
                case RowChange.PutPage(var run, var number, var items) ->
                    store.put(RowKeys.page(id, run, number), RowCodec.encode(items));
                case RowChange.DeletePage(var run, var number) -> store.delete(RowKeys.page(id, run, number));
                case RowChange.PutAnswered(var requestId, var verdict) ->
                    store.put(RowKeys.answered(id, requestId), RowCodec.encode(verdict));
            }
        }
        var row =
                execution.orElseThrow(() -> new IllegalStateException("a step wrote rows without an execution: " + id));
        var after = new PackedExecution(row, root, rootWait, chain, input, trace);
        if (!packed.equals(Optional.of(after))) {
            store.put(RowKeys.execution(id), RowCodec.encode(after));
        }
    }

    private boolean hasPackedInput() {
        return packed.flatMap(PackedExecution::input).isPresent();
    }

    /** A root's new wait may have taken the place of the one that is deleted, whichever change comes first. */
    private boolean isOfRootBefore(long ticket) {
        return packed.flatMap(PackedExecution::rootWait)
                .filter(wait -> wait.ticket() == ticket)
                .isPresent();
    }

    private static boolean isOfRoot(WaitRow row) {
        return switch (row) {
            case WaitRow.Task task -> task.path().isRoot();
            case WaitRow.Pause pause -> pause.path().isRoot();
            case WaitRow.MapRun run -> run.path().isRoot();
            case WaitRow.ExecutionDeadline _, WaitRow.AbandonedChild _, WaitRow.MapTask _ -> false;
        };
    }

    /** An execution that has not begun has no row: none is looked for, as a row that is not there costs more to look for than one that is. */
    private <T> Optional<T> read(Bytes key, Function<byte[], T> decoding) {
        return packed.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(store.get(key)).map(decoding);
    }
}
