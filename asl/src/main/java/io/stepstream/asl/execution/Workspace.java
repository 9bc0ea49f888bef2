package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The execution's rows as one step sees them. Reads go through to the stored rows once; writes stay here until {@link #step} tells
 * what has changed in the end. Nothing of this is visible outside the step.
 */
final class Workspace {
    private final Rows before;
    private final Inputs inputs;
    private final Map<FramePath, Cell<FrameRow>> frames = new LinkedHashMap<>();
    private final Map<FramePath, Cell<Document>> stateInputs = new LinkedHashMap<>();
    private final Map<Long, Cell<WaitRow>> waits = new LinkedHashMap<>();
    private final Map<PageKey, Cell<Document>> pages = new LinkedHashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Set<Document> counted = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Optional<ExecutionRow> stored;

    private Optional<RowChange> inputChange = Optional.empty();
    private Optional<RowChange> answerChange = Optional.empty();
    private Optional<Document> input = Optional.empty();
    private long outputBytes;

    // The execution's row, field by field, once there is one.
    private Optional<Birth> birth;
    private long nextTicket;
    private long nextEventId;
    private final Deque<Work> agenda = new ArrayDeque<>();
    private OptionalLong continuing;
    private OptionalLong deadline;
    private Optional<Outcome> closing;
    private Optional<ExecutionRow.Ended> ended;
    private Optional<Parent> parent;
    private ExecutionRow.Redrives redrives;

    /** What of an execution is fixed at its start. */
    private record Birth(ExecutionIdentity identity, String inputHash, Instant started) {}

    private record PageKey(long run, int number) {}

    /** A row as it is stored and as it is now. */
    private static final class Cell<T> {
        private final Optional<T> stored;
        private Optional<T> current;

        Cell(Optional<T> stored) {
            this.stored = stored;
            this.current = stored;
        }

        boolean changed() {
            return !stored.equals(current);
        }
    }

    Workspace(Rows before, Inputs inputs) {
        this.before = before;
        this.inputs = inputs;
        stored = before.execution();
        birth = stored.map(row -> new Birth(row.identity(), row.inputHash(), row.started()));
        nextTicket = stored.map(ExecutionRow::nextTicket).orElse(1L);
        nextEventId = stored.map(ExecutionRow::nextEventId).orElse(1L);
        stored.ifPresent(row -> row.agenda().forEach(agenda::push));
        continuing = stored.map(ExecutionRow::continuing).orElse(OptionalLong.empty());
        deadline = stored.map(ExecutionRow::deadline).orElse(OptionalLong.empty());
        closing = stored.flatMap(ExecutionRow::closing);
        ended = stored.flatMap(ExecutionRow::ended);
        parent = stored.flatMap(ExecutionRow::parent);
        redrives = stored.map(ExecutionRow::redrives).orElse(ExecutionRow.Redrives.NONE);
    }

    // --- the execution ---

    boolean exists() {
        return birth.isPresent();
    }

    void begin(ExecutionIdentity identity, String inputHash, Document executionInput) {
        birth = Optional.of(new Birth(identity, inputHash, inputs.now()));
        input = Optional.of(executionInput);
        inputChange = Optional.of(new RowChange.PutInput(executionInput));
        count(executionInput);
    }

    ExecutionIdentity identity() {
        return birth.orElseThrow().identity();
    }

    String inputHash() {
        return birth.orElseThrow().inputHash();
    }

    Instant started() {
        return birth.orElseThrow().started();
    }

    Document input() {
        if (input.isEmpty()) {
            input = before.input();
        }
        return input.orElseThrow(() -> new IllegalStateException("a running execution has lost its input"));
    }

    void deleteInput() {
        var neverStored = inputChange.isPresent();
        inputChange = neverStored ? Optional.empty() : Optional.of(new RowChange.DeleteInput());
    }

    long takeTicket() {
        return nextTicket++;
    }

    long nextTicket() {
        return nextTicket;
    }

    long takeEventId() {
        return nextEventId++;
    }

    long nextEventId() {
        return nextEventId;
    }

    OptionalLong continuing() {
        return continuing;
    }

    void continuing(OptionalLong ticket) {
        continuing = ticket;
    }

    OptionalLong deadline() {
        return deadline;
    }

    void deadline(OptionalLong ticket) {
        deadline = ticket;
    }

    Optional<Outcome> closing() {
        return closing;
    }

    void closing(Optional<Outcome> outcome) {
        closing = outcome;
    }

    Optional<ExecutionRow.Ended> ended() {
        return ended;
    }

    void ended(ExecutionStatus status) {
        ended = Optional.of(new ExecutionRow.Ended(status, inputs.now()));
    }

    ExecutionRow.Redrives redrives() {
        return redrives;
    }

    /** The execution has not ended after all. */
    void redriven() {
        redrives = new ExecutionRow.Redrives(redrives.count() + 1, Optional.of(inputs.now()));
        ended = Optional.empty();
    }

    Optional<Parent> parent() {
        return parent;
    }

    void parent(Parent startedBy) {
        parent = Optional.of(startedBy);
    }

    /** Running, and nothing has decided yet how it ends. */
    boolean running() {
        return exists() && ended.isEmpty() && closing.isEmpty();
    }

    // --- the agenda ---

    void push(Work work) {
        agenda.push(work);
    }

    /** Pushes work unless just this is to be done already. */
    void pushOnce(Work work) {
        if (!agenda.contains(work)) {
            agenda.push(work);
        }
    }

    Optional<Work> nextWork() {
        return Optional.ofNullable(agenda.poll());
    }

    boolean hasWork() {
        return !agenda.isEmpty();
    }

    /** Puts work behind all that is to be done before. */
    void pushLast(Work work) {
        agenda.addLast(work);
    }

    /** Forgets all work in this frame and in those inside it; a redrive that is to follow is not part of any. */
    void dropWork(FramePath path) {
        agenda.removeIf(
                work -> !(work instanceof Work.Redrive) && work.path().text().startsWith(path.text()));
    }

    /** Whether the execution, once it has ended, is to go on. */
    boolean awaitsRedrive() {
        return agenda.contains(new Work.Redrive());
    }

    void dropRedrive() {
        agenda.remove(new Work.Redrive());
    }

    // --- frames and waits ---

    Optional<FrameRow> findFrame(FramePath path) {
        return frameCell(path).current;
    }

    FrameRow frame(FramePath path) {
        return findFrame(path).orElseThrow(() -> new IllegalStateException("no frame at " + path));
    }

    void put(FrameRow row) {
        frameCell(row.path()).current = Optional.of(row);
        // Waiting items are counted when they are split: most of these rows are another one's by the end of the step.
        if (!(row.phase() instanceof Phase.Pending)) {
            count(row.data());
        }
    }

    void deleteFrame(FramePath path) {
        frameCell(path).current = Optional.empty();
    }

    /** The raw input of the state of a frame whose children run. */
    Document stateInput(FramePath path) {
        return findStateInput(path).orElseThrow(() -> new IllegalStateException("no state's input is kept at " + path));
    }

    Optional<Document> findStateInput(FramePath path) {
        return stateInputCell(path).current;
    }

    void putStateInput(FramePath path, Document input) {
        stateInputCell(path).current = Optional.of(input);
        count(input);
    }

    void deleteStateInput(FramePath path) {
        stateInputCell(path).current = Optional.empty();
    }

    private Cell<Document> stateInputCell(FramePath path) {
        return stateInputs.computeIfAbsent(path, key -> new Cell<>(before.stateInput(key)));
    }

    Optional<WaitRow> findWait(long ticket) {
        return waitCell(ticket).current;
    }

    void put(WaitRow row) {
        waitCell(row.ticket()).current = Optional.of(row);
    }

    void deleteWait(long ticket) {
        waitCell(ticket).current = Optional.empty();
    }

    private Cell<FrameRow> frameCell(FramePath path) {
        return frames.computeIfAbsent(path, key -> new Cell<>(before.frame(key)));
    }

    private Cell<WaitRow> waitCell(long ticket) {
        return waits.computeIfAbsent(ticket, key -> new Cell<>(before.waiting(key)));
    }

    /** A page of items of a Map run. */
    Document page(long run, int number) {
        return pageCell(run, number)
                .current
                .orElseThrow(() -> new IllegalStateException("no page " + number + " of the Map run " + run));
    }

    void putPage(long run, int number, Document items) {
        pageCell(run, number).current = Optional.of(items);
        count(items);
    }

    void deletePage(long run, int number) {
        pageCell(run, number).current = Optional.empty();
    }

    private Cell<Document> pageCell(long run, int number) {
        return pages.computeIfAbsent(new PageKey(run, number), key -> new Cell<>(before.page(key.run(), key.number())));
    }

    // --- effects ---

    void emit(Effect effect) {
        effects.add(effect);
    }

    /** Answers whoever waits for the command, and keeps the verdict for a repeat of it. */
    void answer(Verdict verdict) {
        effects.add(new Effect.Answer(verdict));
        answerChange = inputs.requestId().filter(_ -> exists()).map(id -> new RowChange.PutAnswered(id, verdict));
    }

    /** Counts a payload towards the step's output; the same one counts once, as it is encoded once. */
    void count(Document payload) {
        if (counted.add(payload)) {
            outputBytes += payload.text().length();
        }
    }

    long outputBytes() {
        return outputBytes;
    }

    /** What has changed, and the effects in order. */
    Step step() {
        var changes = new ArrayList<RowChange>();
        birth.ifPresent(known -> {
            var row = new ExecutionRow(
                    known.identity(),
                    known.inputHash(),
                    known.started(),
                    nextTicket,
                    nextEventId,
                    new ArrayList<>(agenda).reversed(),
                    continuing,
                    deadline,
                    closing,
                    ended,
                    parent,
                    redrives);
            if (!Objects.equals(stored, Optional.of(row))) {
                changes.add(new RowChange.PutExecution(row));
            }
        });
        inputChange.ifPresent(changes::add);
        frames.forEach((path, cell) -> {
            if (cell.changed()) {
                changes.add(cell.current
                        .<RowChange>map(RowChange.PutFrame::new)
                        .orElseGet(() -> new RowChange.DeleteFrame(path)));
            }
        });
        stateInputs.forEach((path, cell) -> {
            if (cell.changed()) {
                changes.add(cell.current
                        .<RowChange>map(input -> new RowChange.PutStateInput(path, input))
                        .orElseGet(() -> new RowChange.DeleteStateInput(path)));
            }
        });
        waits.forEach((ticket, cell) -> {
            if (cell.changed()) {
                changes.add(cell.current
                        .<RowChange>map(RowChange.PutWait::new)
                        .orElseGet(() -> new RowChange.DeleteWait(ticket)));
            }
        });
        pages.forEach((key, cell) -> {
            if (cell.changed()) {
                changes.add(cell.current
                        .<RowChange>map(items -> new RowChange.PutPage(key.run(), key.number(), items))
                        .orElseGet(() -> new RowChange.DeletePage(key.run(), key.number())));
            }
        });
        answerChange.ifPresent(changes::add);
        return new Step(changes, effects);
    }
}
