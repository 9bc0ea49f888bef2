package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
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
    private final Cells<FramePath, FrameRow> frames;
    private final Cells<FramePath, Document> stateInputs;
    private final Cells<Long, WaitRow> waits;
    private final Cells<PageKey, Document> pages;
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
    private Optional<ExecutionRow.Paused> paused;
    private OptionalLong awaitingResume;
    private Optional<ExecutionRow.Turn> turn;

    /** What of an execution is fixed at its start. */
    private record Birth(ExecutionIdentity identity, String inputHash, Instant started) {}

    private record PageKey(long run, int number) {}

    Workspace(Rows rows, Inputs inputs) {
        before = SweptRows.at(inputs.now(), rows, inputs.limits());
        this.inputs = inputs;
        frames = new Cells<>(before::frame);
        stateInputs = new Cells<>(before::stateInput);
        pages = new Cells<>(key -> before.page(key.run(), key.number()));
        stored = before.execution();
        birth = stored.map(row -> new Birth(row.identity(), row.inputHash(), row.started()));
        nextTicket = stored.map(ExecutionRow::nextTicket).orElse(1L);
        waits = waits(nextTicket);
        nextEventId = stored.map(ExecutionRow::nextEventId).orElse(1L);
        stored.ifPresent(row -> row.agenda().forEach(agenda::push));
        continuing = stored.map(ExecutionRow::continuing).orElse(OptionalLong.empty());
        deadline = stored.map(ExecutionRow::deadline).orElse(OptionalLong.empty());
        closing = stored.flatMap(ExecutionRow::closing);
        ended = stored.flatMap(ExecutionRow::ended);
        parent = stored.flatMap(ExecutionRow::parent);
        redrives = stored.map(ExecutionRow::redrives).orElse(ExecutionRow.Redrives.NONE);
        paused = stored.flatMap(ExecutionRow::paused);
        awaitingResume = stored.map(ExecutionRow::awaitingResume).orElse(OptionalLong.empty());
        turn = stored.flatMap(ExecutionRow::turn);
    }

    /** Of a ticket that was not given out before this step, nothing is stored: it is not looked for. */
    private Cells<Long, WaitRow> waits(long firstNewTicket) {
        return new Cells<>(ticket -> ticket < firstNewTicket ? before.waiting(ticket) : Optional.empty());
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

    Optional<ExecutionRow.Paused> paused() {
        return paused;
    }

    void paused(Optional<ExecutionRow.Paused> since) {
        paused = since;
    }

    /** Whether this ticket is that of a continue command, of a resume or of a turn that is awaited; from now on it is not. */
    boolean hear(long ticket) {
        var heard = OptionalLong.of(ticket);
        if (continuing.equals(heard)) {
            continuing = OptionalLong.empty();
            return true;
        }
        if (awaitingResume.equals(heard)) {
            awaitingResume = OptionalLong.empty();
            return true;
        }
        if (turn.equals(Optional.of(new ExecutionRow.Turn(ticket, false)))) {
            turn = Optional.of(new ExecutionRow.Turn(ticket, true));
            return true;
        }
        return false;
    }

    Optional<ExecutionRow.Turn> turn() {
        return turn;
    }

    void turn(Optional<ExecutionRow.Turn> asked) {
        turn = asked;
    }

    OptionalLong awaitingResume() {
        return awaitingResume;
    }

    void awaitingResume(OptionalLong ticket) {
        awaitingResume = ticket;
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

    /** The most urgent work that may be done now; it is taken off the agenda. */
    Optional<Work> nextWork() {
        if (!isHeld()) {
            return Optional.ofNullable(agenda.poll());
        }
        var next = agenda.stream().filter(work -> !work.isBeginning()).findFirst();
        next.ifPresent(agenda::remove);
        return next;
    }

    /** Whether there is work that may be done now. */
    boolean hasWork() {
        return isHeld() ? agenda.stream().anyMatch(work -> !work.isBeginning()) : !agenda.isEmpty();
    }

    /** Whether there is work that nothing but the state machine's pause keeps from being done. */
    boolean awaitsStateMachine() {
        return isHeld() && paused.isEmpty() && !awaitsTurn() && !agenda.isEmpty();
    }

    boolean isIdle() {
        return agenda.isEmpty();
    }

    /** Whether nothing may be begun; an execution that comes to its end begins nothing anyway. */
    private boolean isHeld() {
        return running() && (paused.isPresent() || inputs.stateMachinePaused() || awaitsTurn());
    }

    private boolean awaitsTurn() {
        return turn.filter(asked -> !asked.come()).isPresent();
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
        return frames.find(path);
    }

    FrameRow frame(FramePath path) {
        return findFrame(path).orElseThrow(() -> new IllegalStateException("no frame at " + path));
    }

    void put(FrameRow row) {
        frames.put(row.path(), row);
        // Waiting items are counted when they are split: most of these rows are another one's by the end of the step.
        if (!(row.phase() instanceof Phase.Pending)) {
            count(row.data());
        }
    }

    void deleteFrame(FramePath path) {
        frames.delete(path);
    }

    /** The raw input of the state of a frame whose children run. */
    Document stateInput(FramePath path) {
        return findStateInput(path).orElseThrow(() -> new IllegalStateException("no state's input is kept at " + path));
    }

    Optional<Document> findStateInput(FramePath path) {
        return stateInputs.find(path);
    }

    void putStateInput(FramePath path, Document input) {
        stateInputs.put(path, input);
        count(input);
    }

    void deleteStateInput(FramePath path) {
        stateInputs.delete(path);
    }

    Optional<WaitRow> findWait(long ticket) {
        return waits.find(ticket);
    }

    void put(WaitRow row) {
        waits.put(row.ticket(), row);
    }

    void deleteWait(long ticket) {
        waits.delete(ticket);
    }

    /** A page of items of a Map run. */
    Document page(long run, int number) {
        return pages.find(new PageKey(run, number))
                .orElseThrow(() -> new IllegalStateException("no page " + number + " of the Map run " + run));
    }

    void putPage(long run, int number, Document items) {
        pages.put(new PageKey(run, number), items);
        count(items);
    }

    void deletePage(long run, int number) {
        pages.delete(new PageKey(run, number));
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
                    redrives,
                    paused,
                    awaitingResume,
                    turn);
            if (!Objects.equals(stored, Optional.of(row))) {
                changes.add(new RowChange.PutExecution(row));
            }
        });
        inputChange.ifPresent(changes::add);
        frames.addChanges((_, row) -> new RowChange.PutFrame(row), RowChange.DeleteFrame::new, changes);
        stateInputs.addChanges(RowChange.PutStateInput::new, RowChange.DeleteStateInput::new, changes);
        waits.addChanges((_, row) -> new RowChange.PutWait(row), RowChange.DeleteWait::new, changes);
        pages.addChanges(
                (key, items) -> new RowChange.PutPage(key.run(), key.number(), items),
                key -> new RowChange.DeletePage(key.run(), key.number()),
                changes);
        answerChange.ifPresent(changes::add);
        return new Step(changes, effects);
    }
}
