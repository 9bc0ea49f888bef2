package io.stepstream.orchestrator.engine;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Rows;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The rows of one execution in the store; the packed record is read once and written at most once. */
final class ExecutionRows implements Rows {
    private final KeyValueStore<Bytes, byte[]> store;
    private final String id;
    private final Optional<PackedExecution> packed;

    ExecutionRows(KeyValueStore<Bytes, byte[]> store, String id) {
        this.store = store;
        this.id = id;
        this.packed = read(RowKeys.execution(id), RowCodec::execution);
    }

    @Override
    public Optional<ExecutionRow> execution() {
        return packed.map(PackedExecution::execution);
    }

    @Override
    public Optional<Document> input() {
        return read(RowKeys.input(id), RowCodec::document);
    }

    @Override
    public Optional<FrameRow> frame(FramePath path) {
        return path.isRoot()
                ? packed.flatMap(PackedExecution::root)
                : read(RowKeys.frame(id, path.text()), RowCodec::frame);
    }

    @Override
    public Optional<WaitRow> waiting(long ticket) {
        var rootWait = packed.flatMap(PackedExecution::rootWait).filter(wait -> wait.ticket() == ticket);
        return rootWait.isPresent() ? rootWait : read(RowKeys.waiting(id, ticket), RowCodec::waiting);
    }

    @Override
    public Optional<Verdict> answered(String requestId) {
        return read(RowKeys.answered(id, requestId), RowCodec::verdict);
    }

    /** The end of the execution's chain of history records. */
    Chain chain() {
        return packed.map(PackedExecution::chain).orElse(Chain.START);
    }

    /** Writes what a step changes, and the end of the chain after it. */
    void apply(List<RowChange> changes, Chain chain) {
        var execution = execution();
        var root = packed.flatMap(PackedExecution::root);
        var rootWait = packed.flatMap(PackedExecution::rootWait);
        for (var change : changes) {
            switch (change) {
                case RowChange.PutExecution(var row) -> execution = Optional.of(row);
                case RowChange.PutInput(var input) -> store.put(RowKeys.input(id), RowCodec.encode(input));
                case RowChange.DeleteInput() -> store.delete(RowKeys.input(id));
                case RowChange.PutFrame(var row) when row.path().isRoot() -> root = Optional.of(row);
                case RowChange.PutFrame(var row) ->
                    store.put(RowKeys.frame(id, row.path().text()), RowCodec.encode(row));
                case RowChange.DeleteFrame(var path) when path.isRoot() -> root = Optional.empty();
                case RowChange.DeleteFrame(var path) -> store.delete(RowKeys.frame(id, path.text()));
                case RowChange.PutWait(var row) when isOfRoot(row) -> rootWait = Optional.of(row);
                case RowChange.PutWait(var row) -> store.put(RowKeys.waiting(id, row.ticket()), RowCodec.encode(row));
                case RowChange.DeleteWait(var ticket) -> {
                    if (rootWait.isPresent() && rootWait.get().ticket() == ticket) {
                        rootWait = Optional.empty();
                    } else if (!isOfRootBefore(ticket)) {
                        store.delete(RowKeys.waiting(id, ticket));
                    }
                }
                case RowChange.PutAnswered(var requestId, var verdict) ->
                    store.put(RowKeys.answered(id, requestId), RowCodec.encode(verdict));
            }
        }
        var row =
                execution.orElseThrow(() -> new IllegalStateException("a step wrote rows without an execution: " + id));
        var after = new PackedExecution(row, root, rootWait, chain);
        if (!packed.equals(Optional.of(after))) {
            store.put(RowKeys.execution(id), RowCodec.encode(after));
        }
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
            case WaitRow.ExecutionDeadline _ -> false;
        };
    }

    private <T> Optional<T> read(Bytes key, Function<byte[], T> decoding) {
        return Optional.ofNullable(store.get(key)).map(decoding);
    }
}
