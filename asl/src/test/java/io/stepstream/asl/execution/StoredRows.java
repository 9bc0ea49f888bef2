package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The rows of one execution as text, as a store would keep them; counts what a step reads, and fails where it reads what cannot be there. */
final class StoredRows implements Rows {
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, Object> decoded = new HashMap<>();
    private int reads;

    @Override
    public Optional<ExecutionRow> execution() {
        return read("execution", ExecutionRow.class);
    }

    @Override
    public Optional<Document> input() {
        return read("input", Document.class);
    }

    @Override
    public Optional<FrameRow> frame(FramePath path) {
        return read("frame " + path, FrameRow.class);
    }

    @Override
    public Optional<Document> stateInput(FramePath path) {
        return read("state input " + path, Document.class);
    }

    @Override
    public Optional<WaitRow> waiting(long ticket) {
        if (ticket >= decode("execution", ExecutionRow.class).orElseThrow().nextTicket()) {
            throw new AssertionError("ticket " + ticket + " is new: a step that looks for its row pays for nothing");
        }
        return read("wait " + ticket, WaitRow.class);
    }

    @Override
    public Optional<Document> page(long run, int number) {
        return read("page " + run + " " + number, Document.class);
    }

    @Override
    public Optional<Verdict> answered(String requestId) {
        return read("answered " + requestId, Verdict.class);
    }

    /** Applies a step; fails if it changes a row twice, writes what is there already or deletes what is not. */
    void apply(Step step) {
        Set<String> changed = new HashSet<>();
        for (var change : step.rows()) {
            var key = key(change);
            if (!changed.add(key)) {
                throw new AssertionError("a step changes row " + key + " twice: " + step.rows());
            }
            var text = text(change);
            if (text.equals(Optional.ofNullable(texts.get(key)))) {
                throw new AssertionError("a step writes row " + key + " as it was: " + change);
            }
            text.ifPresentOrElse(value -> texts.put(key, value), () -> texts.remove(key));
            decoded.remove(key);
        }
    }

    /** Every frame there is. */
    List<FrameRow> frames() {
        return texts.keySet().stream()
                .filter(key -> key.startsWith("frame "))
                .map(key -> decode(key, FrameRow.class).orElseThrow())
                .toList();
    }

    /** Whether a redrive needs a row: frames that are halted, and those around them, with their inputs; Map runs that are halted, with their items. */
    boolean isForARedrive(String key) {
        var name = key.substring(key.indexOf(' ') + 1);
        if (key.startsWith("frame ")) {
            var path = new FramePath(name);
            var resting = switch (phaseAt(path)) {
                case Phase.Halted _, Phase.Suspended _ -> true;
                case Phase.Ended _, Phase.Pending _ -> !path.isRoot();
                case Phase.Ready _,
                        Phase.Retrying _,
                        Phase.AwaitingTask _,
                        Phase.Sleeping _,
                        Phase.BackingOff _,
                        Phase.Joining _,
                        Phase.Mapping _,
                        Phase.Failing _,
                        Phase.Aborting _ -> false;
            };
            return resting && (path.isRoot() || phaseAt(path.parent()) instanceof Phase.Suspended);
        }
        if (key.startsWith("state input ")) {
            return phaseAt(new FramePath(key.substring("state input ".length()))) instanceof Phase.Suspended;
        }
        var waiting = waiting(Long.parseLong(name.replaceFirst(" .*", "")));
        return waiting.filter(
                        wait -> wait instanceof WaitRow.MapRun map && map.stage() instanceof WaitRow.MapStage.Halted)
                .isPresent();
    }

    private Phase phaseAt(FramePath path) {
        return frame(path).map(FrameRow::phase).orElseThrow(() -> new AssertionError("no frame at " + path));
    }

    Set<String> keys() {
        return texts.keySet();
    }

    /** Reads since this was last asked. */
    int takeReads() {
        var count = reads;
        reads = 0;
        return count;
    }

    private static String key(RowChange change) {
        return switch (change) {
            case RowChange.PutExecution _ -> "execution";
            case RowChange.PutInput _, RowChange.DeleteInput _ -> "input";
            case RowChange.PutFrame(var row) -> "frame " + row.path();
            case RowChange.DeleteFrame(var path) -> "frame " + path;
            case RowChange.PutStateInput(var path, var _) -> "state input " + path;
            case RowChange.DeleteStateInput(var path) -> "state input " + path;
            case RowChange.PutWait(var row) -> "wait " + row.ticket();
            case RowChange.DeleteWait(var ticket) -> "wait " + ticket;
            case RowChange.PutPage(var run, var number, var _) -> "page " + run + " " + number;
            case RowChange.DeletePage(var run, var number) -> "page " + run + " " + number;
            case RowChange.PutAnswered(var requestId, var _) -> "answered " + requestId;
        };
    }

    private static Optional<String> text(RowChange change) {
        return switch (change) {
            case RowChange.PutExecution(var row) -> Optional.of(RowText.write(ExecutionRow.class, row));
            case RowChange.PutInput(var input) -> Optional.of(RowText.write(Document.class, input));
            case RowChange.PutFrame(var row) -> Optional.of(RowText.write(FrameRow.class, row));
            case RowChange.PutStateInput(var _, var input) -> Optional.of(RowText.write(Document.class, input));
            case RowChange.PutWait(var row) -> Optional.of(RowText.write(WaitRow.class, row));
            case RowChange.PutPage(var _, var _, var items) -> Optional.of(RowText.write(Document.class, items));
            case RowChange.PutAnswered(var _, var verdict) -> Optional.of(RowText.write(Verdict.class, verdict));
            case RowChange.DeleteInput _,
                    RowChange.DeleteFrame _,
                    RowChange.DeleteStateInput _,
                    RowChange.DeleteWait _,
                    RowChange.DeletePage _ -> Optional.empty();
        };
    }

    private <T> Optional<T> read(String key, Class<T> type) {
        reads++;
        return decode(key, type);
    }

    /** The row as its text tells it: never the object that was written. */
    private <T> Optional<T> decode(String key, Class<T> type) {
        return Optional.ofNullable(texts.get(key))
                .map(text -> type.cast(decoded.computeIfAbsent(key, _ -> RowText.read(type, text))));
    }

    @Override
    public String toString() {
        return texts.toString();
    }
}
