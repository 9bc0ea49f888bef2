package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.EvaluationContext;
import io.stepstream.asl.definition.State;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What the expressions of a frame's state may see; read only if one looks. */
final class Scope implements EvaluationContext {

    /** As AWS writes times: UTC, always with milliseconds. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StepBuilder step;
    private final FrameRow frame;
    private final Optional<String> token;
    private final Optional<Item> item;
    private final RandomGenerator random;
    private final Instant now;

    /** What an expression sees of an item: {@code $$.Map.Item}. */
    private record Item(long index, Document value) {}

    private Scope(
            StepBuilder step,
            FrameRow frame,
            Optional<String> token,
            Optional<Item> item,
            RandomGenerator random,
            Instant now) {
        this.step = step;
        this.frame = frame;
        this.token = token;
        this.item = item;
        this.random = random;
        this.now = now;
    }

    static Scope of(StepBuilder step, FrameRow frame) {
        return new Scope(step, frame, Optional.empty(), Optional.empty(), step.random(), step.now());
    }

    /** The scope of a task that is told its own token. */
    static Scope withToken(StepBuilder step, FrameRow frame, String token) {
        return new Scope(step, frame, Optional.of(token), Optional.empty(), step.random(), step.now());
    }

    /** The scope of a Map state that prepares one of its items. */
    static Scope ofItem(StepBuilder step, FrameRow frame, long index, Document value) {
        return new Scope(step, frame, Optional.empty(), Optional.of(new Item(index, value)), step.random(), step.now());
    }

    /** A scope that is the same in every step while the frame is in this attempt of its state. */
    static Scope ofAttempt(StepBuilder step, FrameRow frame) {
        var identity = step.rows().identity().arn() + frame.path() + frame.enteredEventId() + frame.retries();
        return new Scope(
                step,
                frame,
                Optional.empty(),
                Optional.empty(),
                new SeededRandom(identity.hashCode()),
                frame.entered());
    }

    @Override
    public Document contextObject() {
        var rows = step.rows();
        var identity = rows.identity();
        var context = JsonNodeFactory.instance.objectNode();
        var execution = context.putObject("Execution")
                .put("Id", identity.arn())
                .putNull("Input")
                .put("StartTime", TIME.format(rows.started()))
                .put("Name", identity.name())
                .put("RoleArn", identity.roleArn());
        switch (identity.kind()) {
            case STANDARD, EXPRESS -> {
                execution.put("RedriveCount", rows.redrives().count());
                rows.redrives().last().ifPresent(at -> execution.put("RedriveTime", TIME.format(at)));
            }
            case EXPRESS_SYNC -> {}
        }
        context.putObject("StateMachine")
                .put("Id", identity.stateMachineArn())
                .put("Name", identity.stateMachineName());
        var state =
                context.putObject("State").put("Name", frame.state()).put("EnteredTime", TIME.format(frame.entered()));
        if (step.definitionOf(frame) instanceof State.Task) {
            state.put(
                    "RetryCount",
                    frame.retries().stream().mapToInt(Integer::intValue).sum());
        }
        token.ifPresent(text -> context.putObject("Task").put("Token", text));
        item.or(this::itemAround)
                .ifPresent(seen -> context.putObject("Map")
                        .putObject("Item")
                        .put("Index", seen.index())
                        .set("Value", seen.value().tree()));
        return Document.of(context);
    }

    /** The Map iteration that this frame is or is in, or the item that the whole execution is for. */
    private Optional<Item> itemAround() {
        for (var around = frame;
                !around.path().isRoot();
                around = step.rows().frame(around.path().parent())) {
            if (around.item().isPresent()) {
                return Optional.of(new Item(around.path().index(), around.item().orElseThrow()));
            }
        }
        return step.rows()
                .parent()
                .flatMap(Parent::item)
                .flatMap(
                        child -> step.rows().frame(FramePath.ROOT).item().map(value -> new Item(child.index(), value)));
    }

    @Override
    public Document executionInput() {
        return step.rows().input();
    }

    @Override
    public Optional<Document> variable(String name) {
        var around = frame;
        while (!around.variables().containsKey(name) && !around.path().isRoot()) {
            around = step.rows().frame(around.path().parent());
        }
        return Optional.ofNullable(around.variables().get(name));
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Instant now() {
        return now;
    }
}
