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

/** Distributed Maps: their items are given to child executions, a bounded number of them a step. */
final class MapRuns {
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
                case Evaluated.Failed<Optional<Long>>(var error) ->
                    step.mapRunEnds().end(running, failure(running, error));
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
                new WaitRow.MapStage.Running(),
                ExecutionRow.Redrives.NONE);
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

    /** A run, its frame and the definition of its state. */
    record Current(WaitRow.MapRun run, FrameRow frame, State.Map map) {}

    /** The run of a frame, if it is in one and is to go on. */
    Optional<Current> current(FramePath path) {
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
        if (run.progress().redrive().left() > 0) {
            step.mapRedrives().next(run, now.frame(), now.map());
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
                    case Evaluated.Failed<Document>(var error) ->
                        step.mapRunEnds().fail(run, failure(now.frame(), error));
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
                step.mapRunEnds().fail(now.run(), failure(now.frame(), error));
                return;
            }
            case Evaluated.Value<Optional<Document>>(var given) ->
                given.ifPresent(input -> batch.set("BatchInput", input.tree()));
        }
        var selected = batch.putArray("Items");
        for (var item : items) {
            switch (selected(now, now.run().progress().taken() + selected.size(), Document.of(item))) {
                case Evaluated.Failed<Document>(var error) -> {
                    step.mapRunEnds().fail(now.run(), failure(now.frame(), error));
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
            step.mapRunEnds().fail(run, step.failures().tooLarge(now.frame().state()));
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
            hearLate(run, command);
            return;
        }
        var index = command.item().orElse(-1);
        if (index < run.progress().written() || index >= run.progress().started()) {
            return;
        }
        var known = step.rows().findFrame(run.path().child(index));
        if (known.isPresent()) {
            step.mapRedrives().hear(run, known.get(), command);
            return;
        }
        switch (command.report()) {
            case ChildReport.Started _, ChildReport.Redriven _ -> {}
            case ChildReport.Refused _ -> refused(run, index);
            case ChildReport.Ended ended -> ended(run, index, ended);
        }
    }

    private void hearLate(WaitRow.MapRun run, Command.HearOfChild command) {
        if (run.stage().isKept()) {
            step.mapRedrives().hearLate(run, command);
        } else if (command.report() instanceof ChildReport.Started(var arn, var _)) {
            step.rows().emit(new Effect.CancelChild(arn, run.ticket()));
        }
    }

    /** There is no child. */
    void refused(WaitRow.MapRun run, int index) {
        without(run, index, run.progress().ended(ExecutionStatus.FAILED));
    }

    /** A child that was told to go on cannot. */
    void refusedToGoOn(WaitRow.MapRun run, int index) {
        without(run, index, run.progress().refused());
    }

    private void without(WaitRow.MapRun run, int index, MapProgress progress) {
        step.mapResults().keep(run, current(run.path()).orElseThrow().frame(), index);
        told(run.with(progress));
    }

    /** A child has ended. */
    void ended(WaitRow.MapRun run, int index, ChildReport.Ended ended) {
        var now = current(run.path()).orElseThrow();
        step.mapResults().keep(run, now.frame(), now.map(), index, ended);
        told(run.with(run.progress().ended(ended.outcome().status(), ended.items())));
    }

    private void told(WaitRow.MapRun next) {
        step.rows().put(next);
        if (next.bounds().exceededBy(next.progress())) {
            step.mapRunEnds().failExceeded(next);
        } else {
            step.rows().pushOnce(new Work.StartItems(next.path()));
        }
    }
}
