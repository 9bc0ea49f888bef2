package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.StatesError;
import io.stepstream.asl.definition.BuiltInTasks;
import io.stepstream.asl.definition.ItemReader;
import io.stepstream.asl.definition.ResultWriter;
import io.stepstream.asl.definition.State;
import java.util.Optional;

/**
 * What a Map run has done by the workers that come with Stepstream: reading items and writing results, a page and a part at a time.
 * They are tasks as any other, each with a ticket of its own; an answer to another ticket is stale.
 */
final class MapTasks {
    /** Most items of a page; the page's bytes are bounded by the payload's limit. */
    private static final int PAGE_ITEMS = 1000;

    private static final String RESULT_WRITER_FAILED = "States.ResultWriterFailed";

    private final StepBuilder step;

    MapTasks(StepBuilder step) {
        this.step = step;
    }

    /** Asks the reader for the next page, unless it has been asked. */
    void read(WaitRow.MapRun run, FrameRow frame, State.Map map) {
        if (run.asked().isPresent()) {
            return;
        }
        var reader = map.distribution().orElseThrow().itemReader().orElseThrow();
        switch (reader.arguments().evaluate(step.rows().stateInput(frame.path()), Scope.ofAttempt(step, frame))) {
            case Evaluated.Failed<Document>(var error) -> step.mapRunEnds().fail(run, evaluation(frame, error));
            case Evaluated.Value<Document>(var arguments) ->
                ask(run, frame, BuiltInTasks.ITEM_READER, reader.resource(), readRequest(run, reader, arguments));
        }
    }

    private ObjectNode readRequest(WaitRow.MapRun run, ItemReader reader, Document arguments) {
        var left = run.bounds().maxItems().map(most -> most - run.progress().read());
        var request = JsonNodeFactory.instance.objectNode().put("resource", reader.resource());
        request.set("readerConfig", reader.config().tree());
        request.set("parameters", arguments.tree());
        request.set("cursor", run.cursor().map(Document::tree).orElse(JsonNodeFactory.instance.nullNode()));
        return request.put("maxItems", Math.min(PAGE_ITEMS, left.orElse((long) PAGE_ITEMS)))
                .put("maxBytes", step.inputs().limits().payloadBytes() / 4 * 3);
    }

    /** Hands results to the writer; {@code what} is a part of them, or the wish to finish. */
    void write(WaitRow.MapRun run, FrameRow frame, ResultWriter writer, String field, JsonNode what) {
        var destination = writer.destination().orElseThrow();
        switch (destination.arguments().evaluate(step.rows().stateInput(frame.path()), Scope.ofAttempt(step, frame))) {
            case Evaluated.Failed<Document>(var error) -> step.mapRunEnds().fail(run, evaluation(frame, error));
            case Evaluated.Value<Document>(var arguments) -> {
                var request = JsonNodeFactory.instance.objectNode().put("resource", BuiltInTasks.PUT_OBJECT);
                request.putObject("writerConfig")
                        .put("OutputType", writer.outputType().name())
                        .put("Transformation", writer.transformation().name());
                request.set("parameters", arguments.tree());
                request.put("mapRunArn", run.arn()).put("part", run.progress().parts() - 1);
                request.set(field, what);
                ask(run, frame, BuiltInTasks.RESULT_WRITER, BuiltInTasks.PUT_OBJECT, request);
            }
        }
    }

    private Failure evaluation(FrameRow frame, StatesError error) {
        return Failure.of(error.name(), error.causeIn(frame.state(), frame.enteredEventId()));
    }

    private void ask(WaitRow.MapRun run, FrameRow frame, String name, String resource, ObjectNode request) {
        var rows = step.rows();
        if (!step.inputs().taskNames().isRegistered(name)) {
            var error = name.equals(BuiltInTasks.ITEM_READER) ? StatesError.ITEM_READER_FAILED : RESULT_WRITER_FAILED;
            var cause = "No task is registered under the name '" + name
                    + "': register it, which creates its topic, and run the worker that comes with Stepstream.";
            step.mapRunEnds().fail(run, Failure.of(error, cause));
            return;
        }
        var ticket = rows.takeTicket();
        var input = Document.of(request);
        var limit = step.tasks().limit(name);
        rows.put(new WaitRow.MapTask(
                ticket, run.path(), step.now(), step.inputs().binding(), run.ticket(), limit));
        rows.put(run.asking(ticket));
        rows.count(input);
        rows.emit(new Effect.RequestTask(
                ticket,
                run.path(),
                frame.state(),
                name,
                resource,
                input,
                step.inputs().tokens().mint(ticket),
                Optional.empty(),
                Optional.empty(),
                0,
                Tasks.turn(limit)));
    }

    /** Takes an answer to one of these tasks; false if the ticket is not of one. */
    boolean complete(Command.CompleteTask command) {
        var task = taskOf(command.ticket(), command.binding());
        task.ifPresent(found -> answered(found).ifPresent(run -> {
            step.waits().close(found.ticket(), TaskOutcome.SUCCEEDED, found.limit());
            switch (run.stage()) {
                case WaitRow.MapStage.Running _ -> pageRead(run, command.output());
                case WaitRow.MapStage.Writing _ -> step.mapResults().written(run, command.output());
                case WaitRow.MapStage.Failing _, WaitRow.MapStage.Aborting _, WaitRow.MapStage.Halted _ -> {}
            }
        }));
        return task.isPresent();
    }

    boolean fail(Command.FailTask command) {
        var task = taskOf(command.ticket(), command.binding());
        task.ifPresent(found -> answered(found).ifPresent(run -> {
            step.waits().close(found.ticket(), TaskOutcome.FAILED, found.limit());
            step.mapRunEnds().fail(run, new Failure(command.error(), command.cause(), Failure.Kind.ORDINARY));
        }));
        return task.isPresent();
    }

    private Optional<WaitRow.MapTask> taskOf(long ticket, String binding) {
        return step.rows().exists()
                ? step.rows()
                        .findWait(ticket)
                        .flatMap(wait -> wait instanceof WaitRow.MapTask task
                                        && task.binding().equals(binding)
                                ? Optional.of(task)
                                : Optional.empty())
                : Optional.empty();
    }

    /** The run that the task was for, which waits for it no longer; refused if that is coming to its end. */
    private Optional<WaitRow.MapRun> answered(WaitRow.MapTask task) {
        var rows = step.rows();
        if (!(rows.findWait(task.run()).orElseThrow() instanceof WaitRow.MapRun run) || !step.isAlive(task.path())) {
            rows.answer(new Verdict.Refused(
                    Verdict.Refusal.TASK_TIMED_OUT, "Task Timed Out: 'Provided task does not exist anymore'"));
            return Optional.empty();
        }
        rows.answer(new Verdict.Accepted(step.now()));
        rows.deleteWait(task.ticket());
        return Optional.of(run.answered(run.cursor()));
    }

    private void pageRead(WaitRow.MapRun run, Document output) {
        var read = output.bytes() > step.inputs().limits().payloadBytes()
                ? Optional.<MapPages.Answer>empty()
                : MapPages.Answer.read(output);
        if (read.isEmpty()) {
            step.mapRunEnds()
                    .fail(
                            run,
                            Failure.of(
                                    StatesError.ITEM_READER_FAILED,
                                    "The answer of the task '" + BuiltInTasks.ITEM_READER
                                            + "' is not a page: it needs \"items\", an array with at least one item unless"
                                            + " \"cursor\" is null, and at most "
                                            + step.inputs().limits().payloadBytes() + " bytes."));
            return;
        }
        var answer = read.get();
        var left = run.bounds()
                .maxItems()
                .map(most -> most - run.progress().read())
                .orElse(Long.MAX_VALUE);
        var items = answer.items().size() > left ? answer.items().subList(0, left.intValue()) : answer.items();
        var last = answer.cursor().isEmpty() || items.size() >= left;
        step.rows().put(step.mapPages().add(run.answered(answer.cursor()), items, last));
        step.rows().pushOnce(new Work.StartItems(run.path()));
    }

    /** Nobody needs the outstanding answer any more. */
    void abort(WaitRow.MapRun run) {
        run.asked().ifPresent(ticket -> {
            var limit = step.rows()
                    .findWait(ticket)
                    .flatMap(wait -> wait instanceof WaitRow.MapTask task ? task.limit() : Optional.empty());
            step.waits().close(ticket, TaskOutcome.ABORTED, limit);
            step.rows().deleteWait(ticket);
        });
    }
}
