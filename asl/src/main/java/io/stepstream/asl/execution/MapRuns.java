package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.StatesError;
import io.stepstream.asl.data.Uuids;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Distributed Maps: their items are given to child executions, a bounded number of them a step. */
final class MapRuns {
    private static final String EXCEEDED = "States.ExceedToleratedFailureThreshold";
    private static final int LABEL_CHARACTERS = 40;

    private final StepBuilder step;

    MapRuns(StepBuilder step) {
        this.step = step;
    }

    /** Begins the run of a distributed Map state that a frame has entered. */
    void begin(FrameRow frame, State.Map map) {
        if (map.distribution().orElseThrow().itemReader().isPresent()) {
            begin(frame, map, Optional.empty());
            return;
        }
        step.states()
                .ifEvaluated(
                        frame,
                        map.items().evaluate(frame.data(), Scope.ofAttempt(step, frame)),
                        items -> begin(frame, map, Optional.of(MapPages.entries(items.tree()))));
    }

    /** @param items the items, if there is no reader to ask for them */
    private void begin(FrameRow frame, State.Map map, Optional<List<JsonNode>> items) {
        var length = items.map(List::size).orElse(0);
        var started = frame.after(step.history()
                .add(
                        frame.previousEventId(),
                        HistoryEventType.MAP_STATE_STARTED,
                        Details.none().number("length", length)));
        step.states().ifEvaluated(started, bounds(started, map), bounds -> {
            var arn = arn(map);
            var running = started.after(step.history()
                    .add(
                            started.previousEventId(),
                            HistoryEventType.MAP_RUN_STARTED,
                            Details.none().text("mapRunArn", arn)));
            switch (maxItems(running, map)) {
                case Evaluated.Failed<Optional<Long>>(var error) -> end(running, failure(running, error));
                case Evaluated.Value<Optional<Long>>(var maxItems) -> run(running, bounds, maxItems, arn, items);
            }
        });
    }

    private Evaluated<MapBounds> bounds(FrameRow frame, State.Map map) {
        var batcher = map.distribution().orElseThrow().itemBatcher();
        var most = step.inputs().limits().mapConcurrency();
        return evaluate(map.maxConcurrency(), frame)
                .then(concurrency -> evaluate(map.toleratedFailureCount(), frame)
                        .then(count -> evaluate(map.toleratedFailurePercentage(), frame)
                                .then(percentage -> evaluate(batcher.flatMap(b -> b.maxItems()), frame)
                                        .then(batchItems -> evaluate(batcher.flatMap(b -> b.maxInputBytes()), frame)
                                                .map(batchBytes -> new MapBounds(
                                                        (int) concurrency
                                                                .filter(own -> own > 0 && own < most)
                                                                .orElse((long) most)
                                                                .longValue(),
                                                        count,
                                                        percentage,
                                                        Optional.empty(),
                                                        batchItems.filter(items -> items > 0),
                                                        batchBytes.filter(bytes -> bytes > 0)))))));
    }

    private Evaluated<Optional<Long>> maxItems(FrameRow frame, State.Map map) {
        return evaluate(map.distribution().orElseThrow().itemReader().flatMap(reader -> reader.maxItems()), frame)
                .map(most -> most.filter(items -> items > 0));
    }

    private <T> Evaluated<Optional<T>> evaluate(Optional<Expression<T>> expression, FrameRow frame) {
        return expression
                .map(present -> present.evaluate(frame.data(), Scope.ofAttempt(step, frame))
                        .map(Optional::of))
                .orElseGet(() -> Evaluated.value(Optional.empty()));
    }

    private static Failure failure(FrameRow frame, StatesError error) {
        return error.name().equals(StatesError.ITEM_READER_FAILED)
                ? Failure.of(error.name(), error.message())
                : Failure.of(error.name(), error.causeIn(frame.state(), frame.enteredEventId()));
    }

    private void run(
            FrameRow frame, MapBounds bounds, Optional<Long> maxItems, String arn, Optional<List<JsonNode>> items) {
        var rows = step.rows();
        var run = new WaitRow.MapRun(
                rows.takeTicket(),
                frame.path(),
                step.inputs().binding(),
                arn,
                new MapBounds(
                        bounds.maxConcurrency(),
                        bounds.toleratedCount(),
                        bounds.toleratedPercentage(),
                        maxItems,
                        bounds.batchItems(),
                        bounds.batchBytes()),
                MapProgress.NONE,
                Optional.empty(),
                Optional.empty(),
                new WaitRow.MapStage.Running());
        rows.put(items.map(known -> step.mapPages().add(run, known, true)).orElse(run));
        rows.put(step.children().withoutInput(frame).in(new Phase.Mapping(run.ticket())));
        rows.pushOnce(new Work.StartItems(frame.path()));
    }

    /** {@code arn:...:mapRun:<machine>/<label>:<uuid>}. */
    private String arn(State.Map map) {
        var identity = step.rows().identity();
        var label = map.distribution().orElseThrow().label().orElseGet(() -> labelOf(map.name()));
        return ChildRequest.prefix(identity) + "mapRun:" + identity.stateMachineName() + "/" + label + ":"
                + Uuids.random(step.random());
    }

    /** AWS makes a label up where none is given; here the state's name tells more. */
    private static String labelOf(String state) {
        var clean = state.replaceAll("[^A-Za-z0-9_.-]", "-");
        return clean.length() > LABEL_CHARACTERS ? clean.substring(0, LABEL_CHARACTERS) : clean;
    }

    private record Current(WaitRow.MapRun run, FrameRow frame, State.Map map) {}

    /** The run of a frame, if it is in one and is to go on. */
    private Optional<Current> current(FramePath path) {
        return step.rows().findFrame(path).flatMap(frame -> {
            if (frame.phase() instanceof Phase.Mapping(var ticket)
                    && step.rows().findWait(ticket).orElseThrow() instanceof WaitRow.MapRun run
                    && step.definitionOf(frame) instanceof State.Map map) {
                return Optional.of(new Current(run, frame, map));
            }
            return Optional.empty();
        });
    }

    /** Starts the next child, if there is an item for it and room. */
    void startItems(FramePath path) {
        current(path)
                .filter(now -> now.run().stage() instanceof WaitRow.MapStage.Running)
                .ifPresent(this::startNext);
    }

    private void startNext(Current now) {
        var run = now.run();
        if (run.progress().running() >= run.bounds().maxConcurrency()) {
            return;
        }
        switch (step.mapPages().take(run)) {
            case MapPages.Taken.Nothing _ -> {
                if (run.progress().running() == 0) {
                    step.mapResults().gather(run, now.frame(), now.map());
                }
            }
            case MapPages.Taken.MoreNeeded _ -> step.mapTasks().read(run, now.frame(), now.map());
            case MapPages.Taken.Item(var item, var then) -> {
                var value = Document.of(item);
                switch (selected(now, run.progress().taken(), value)) {
                    case Evaluated.Failed<Document>(var error) -> fail(run, failure(now.frame(), error));
                    case Evaluated.Value<Document>(var input) -> start(now, input, Optional.of(value), then);
                }
            }
            case MapPages.Taken.Batch(var items, var then) -> startBatch(now, items, then);
        }
    }

    private Evaluated<Document> selected(Current now, long index, Document item) {
        return now.map()
                .itemSelector()
                .map(selector -> selector.evaluate(
                        selector.readsInput()
                                ? step.rows().stateInput(now.frame().path())
                                : Document.EMPTY_OBJECT,
                        Scope.ofItem(step, now.frame(), index, item)))
                .orElseGet(() -> Evaluated.value(item));
    }

    private void startBatch(Current now, List<JsonNode> items, MapProgress then) {
        var batch = JsonNodeFactory.instance.objectNode();
        var batcher = now.map().distribution().orElseThrow().itemBatcher().orElseThrow();
        switch (evaluate(
                batcher.batchInput(),
                now.frame().with(step.rows().stateInput(now.frame().path())))) {
            case Evaluated.Failed<Optional<Document>>(var error) -> {
                fail(now.run(), failure(now.frame(), error));
                return;
            }
            case Evaluated.Value<Optional<Document>>(var given) ->
                given.ifPresent(input -> batch.set("BatchInput", input.tree()));
        }
        var selected = batch.putArray("Items");
        for (var item : items) {
            switch (selected(now, now.run().progress().taken() + selected.size(), Document.of(item))) {
                case Evaluated.Failed<Document>(var error) -> {
                    fail(now.run(), failure(now.frame(), error));
                    return;
                }
                case Evaluated.Value<Document>(var input) -> selected.add(input.tree());
            }
        }
        start(now, Document.of(batch), Optional.empty(), then);
    }

    private void start(Current now, Document input, Optional<Document> item, MapProgress then) {
        var run = now.run();
        var rows = step.rows();
        if (input.bytes() > step.inputs().limits().payloadBytes()) {
            fail(run, step.failures().tooLarge(now.frame().state()));
            return;
        }
        step.mapPages().release(run, then);
        rows.put(run.with(then));
        step.countChild();
        rows.count(input);
        var index = then.started() - 1;
        var identity = rows.identity();
        rows.emit(new Effect.StartChild(
                run.childArn(index),
                run.childName(index),
                new ChildMachine.SameAsParent(
                        identity.stateMachineArn(),
                        identity.stateMachineName(),
                        identity.roleArn(),
                        identity.revision()),
                input,
                new Parent(
                        identity.arn(),
                        run.ticket(),
                        run.binding(),
                        MapResults.interest(now.map()),
                        Optional.of(new Parent.MapItem(
                                now.frame().state(),
                                index,
                                run.arn(),
                                (int) (then.taken() - run.progress().taken()),
                                item)))));
        rows.pushOnce(new Work.StartItems(run.path()));
    }

    /** A child of this run tells of itself. */
    void hear(WaitRow.MapRun run, Command.HearOfChild command) {
        var goesOn = run.stage() instanceof WaitRow.MapStage.Running && step.isAlive(run.path());
        if (!goesOn) {
            if (command.report() instanceof ChildReport.Started(var arn, var _)) {
                step.rows().emit(new Effect.CancelChild(arn, run.ticket()));
            }
            return;
        }
        var index = command.item();
        if (index.isEmpty() || !isRunning(run, index)) {
            return;
        }
        var now = current(run.path()).orElseThrow();
        switch (command.report()) {
            case ChildReport.Started _ -> {}
            case ChildReport.Refused _ -> {
                step.mapResults().keep(run, now.frame(), index.getAsInt(), Optional.empty());
                ended(run, ExecutionStatus.FAILED);
            }
            case ChildReport.Ended ended -> {
                step.mapResults().keep(run, now.frame(), now.map(), index.getAsInt(), ended);
                ended(run, ended.outcome().status());
            }
        }
    }

    private boolean isRunning(WaitRow.MapRun run, OptionalInt index) {
        return index.getAsInt() < run.progress().started()
                && step.rows().findFrame(run.path().child(index.getAsInt())).isEmpty();
    }

    private void ended(WaitRow.MapRun run, ExecutionStatus how) {
        var next = run.with(run.progress().ended(how));
        step.rows().put(next);
        if (run.bounds().exceededBy(next.progress())) {
            fail(next, Failure.of(EXCEEDED, "The specified tolerated failure threshold was exceeded"));
        } else {
            step.rows().pushOnce(new Work.StartItems(run.path()));
        }
    }

    /** Changes a run's bounds; what has been started stays. */
    void update(Command.UpdateMapRun command) {
        var rows = step.rows();
        if (!rows.exists()
                || !(rows.findWait(command.ticket()).orElse(null) instanceof WaitRow.MapRun run)
                || !run.arn().equals(command.runArn())) {
            rows.answer(new Verdict.Refused(Verdict.Refusal.RESOURCE_NOT_FOUND, command.runArn()));
            return;
        }
        var most = step.inputs().limits().mapConcurrency();
        var bounds = run.bounds();
        var next = run.with(new MapBounds(
                command.maxConcurrency()
                        .map(asked -> (int) (asked > 0 && asked < most ? asked : most))
                        .orElse(bounds.maxConcurrency()),
                command.toleratedCount().or(bounds::toleratedCount),
                command.toleratedPercentage().or(bounds::toleratedPercentage),
                bounds.maxItems(),
                bounds.batchItems(),
                bounds.batchBytes()));
        rows.put(next);
        rows.answer(new Verdict.Accepted(step.now()));
        if (next.stage() instanceof WaitRow.MapStage.Running && step.isAlive(next.path())) {
            if (next.bounds().exceededBy(next.progress())) {
                fail(next, Failure.of(EXCEEDED, "The specified tolerated failure threshold was exceeded"));
            } else {
                rows.pushOnce(new Work.StartItems(next.path()));
            }
        }
    }

    /** The run fails: its children are cancelled, then the state fails. */
    void fail(WaitRow.MapRun run, Failure failure) {
        giveUp(run, new WaitRow.MapStage.Failing(failure));
    }

    /** The run's frame ends with an outer one: the run's children are cancelled first. */
    void abort(FrameRow frame, long ticket) {
        step.rows().put(frame);
        if (step.rows().findWait(ticket).orElseThrow() instanceof WaitRow.MapRun run) {
            giveUp(run, new WaitRow.MapStage.Aborting());
        }
    }

    private void giveUp(WaitRow.MapRun run, WaitRow.MapStage stage) {
        step.mapTasks().abort(run);
        step.rows().put(run.answered(Optional.empty()).in(stage));
        step.rows().dropWork(run.path());
        step.rows().push(new Work.CancelItems(run.path(), 0));
    }

    /** Cancels one child, or forgets the result of one that has ended. */
    void cancel(Work.CancelItems work) {
        var rows = step.rows();
        var now = current(work.path());
        if (now.isEmpty()) {
            return;
        }
        var run = now.get().run();
        if (work.next() == run.progress().started()) {
            cancelled(now.get());
            return;
        }
        step.countChild();
        rows.push(new Work.CancelItems(work.path(), work.next() + 1));
        var path = work.path().child(work.next());
        if (rows.findFrame(path).isPresent()) {
            if (!keepsResults(now.get())) {
                rows.deleteFrame(path);
            }
        } else if (work.next() >= run.progress().written()) {
            rows.emit(new Effect.CancelChild(run.childArn(work.next()), run.ticket()));
            if (keepsResults(now.get())) {
                step.mapResults().keepAborted(now.get().frame(), run.path(), work.next(), run.childArn(work.next()));
                rows.put(run.with(run.progress().ended(ExecutionStatus.ABORTED)));
            }
        }
    }

    /** Of a run that has failed because too many of its children have, there still are results, which are written. */
    private static boolean keepsResults(Current now) {
        return now.run().stage() instanceof WaitRow.MapStage.Failing(var failure)
                && failure.error().equals(Optional.of(EXCEEDED))
                && MapResults.destination(now.map()).isPresent();
    }

    private void cancelled(Current now) {
        var run = now.run();
        if (keepsResults(now) && run.stage() instanceof WaitRow.MapStage.Failing(var failure)) {
            step.rows().put(run.in(new WaitRow.MapStage.Writing(Optional.of(failure))));
            step.rows().push(new Work.WriteResults(run.path()));
            return;
        }
        step.mapPages().releaseAll(run);
        step.rows().deleteWait(run.ticket());
        switch (run.stage()) {
            case WaitRow.MapStage.Failing(var failure) -> end(now.frame(), failure);
            case WaitRow.MapStage.Aborting _ -> {
                var frame = now.frame();
                if (step.rows().closing().isEmpty()) {
                    step.history().add(frame.previousEventId(), HistoryEventType.MAP_RUN_ABORTED, Details.none());
                }
                step.children().abortedAll(frame.in(new Phase.Aborting(0)));
            }
            case WaitRow.MapStage.Running _, WaitRow.MapStage.Writing _ ->
                throw new IllegalStateException("children are cancelled of a Map run that goes on");
        }
    }

    /** The run has failed, and with it the state. */
    void end(FrameRow frame, Failure failure) {
        var failed = recordFailed(step.children().whole(frame), failure).in(new Phase.Failing(0, failure));
        step.rows().put(failed);
        step.failures().fail(failed, failure);
    }

    /** The frame of a state whose children's results are too large: of a distributed Map, with what tells of its run's failure. */
    FrameRow failedIn(FrameRow frame, Failure failure) {
        return step.definitionOf(frame) instanceof State.Map map
                        && map.distribution().isPresent()
                ? recordFailed(frame, failure)
                : frame;
    }

    private FrameRow recordFailed(FrameRow frame, Failure failure) {
        return frame.after(step.history()
                .add(
                        frame.previousEventId(),
                        HistoryEventType.MAP_RUN_FAILED,
                        Details.none().failure(failure)));
    }
}
