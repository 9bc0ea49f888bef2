package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Evaluated;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.Uuids;
import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.definition.Resource;
import io.stepstream.asl.definition.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tasks: asked for, worked on, ended by their result, their failure or their deadline. */
final class Tasks {
    private static final String NOT_REGISTERED = "Stepstream.TaskNotRegistered";

    private final StepBuilder step;

    Tasks(StepBuilder step) {
        this.step = step;
    }

    /** What of a task's parameters has been evaluated. */
    private record Request(
            long ticket,
            String token,
            Document input,
            Optional<Long> timeoutSeconds,
            Optional<Long> heartbeatSeconds,
            Optional<Document> credentials) {}

    void request(FrameRow frame, State.Task task) {
        var ticket = step.rows().takeTicket();
        var token = step.inputs().tokens().mint(ticket);
        var scope = task.resource().hasToken() ? Scope.withToken(step, frame, token) : Scope.of(step, frame);
        var request = task.flow()
                .input(frame.data(), scope)
                .then(input -> optional(task.timeoutSeconds(), frame, scope)
                        .then(timeout -> optional(task.heartbeatSeconds(), frame, scope)
                                .then(heartbeat -> optional(task.credentials(), frame, scope)
                                        .map(credentials ->
                                                new Request(ticket, token, input, timeout, heartbeat, credentials)))));
        step.states().ifEvaluated(frame, request, evaluated -> submit(frame, task, evaluated));
    }

    private static <T> Evaluated<Optional<T>> optional(
            Optional<Expression<T>> expression, FrameRow frame, Scope scope) {
        return expression
                .map(present -> present.evaluate(frame.data(), scope).map(Optional::of))
                .orElseGet(() -> Evaluated.value(Optional.empty()));
    }

    private void submit(FrameRow frame, State.Task task, Request request) {
        var events = TaskEvents.of(task.resource(), step.rows().identity());
        if (request.input().bytes() > step.inputs().limits().payloadBytes()) {
            step.failures().fail(frame, step.failures().tooLarge(frame.state()));
            return;
        }
        if (task.resource() instanceof Resource.Integration resource && ChildRequest.isFor(resource)) {
            startChild(frame, resource, request, events);
            return;
        }
        var name = task.resource().taskName(request.input());
        if (name.isEmpty()) {
            step.failures()
                    .fail(
                            frame,
                            step.failures()
                                    .runtime(
                                            frame,
                                            "The parameters do not tell which task is meant: "
                                                    + task.resource().text()
                                                    + " needs a name, a URL or an ARN of it."));
            return;
        }
        var scheduled = scheduled(frame, request, events);
        if (!step.inputs().taskNames().isRegistered(name.get())) {
            var failure = Failure.of(
                    NOT_REGISTERED,
                    "No task is registered under the name '" + name.get()
                            + "': register it, which creates its topic, or correct the state's resource or parameters.");
            step.failures().fail(record(scheduled, events.startFailed(failure)), failure);
            return;
        }
        var started = events.startsAtOnce()
                ? record(record(scheduled, events.started(Optional.empty())), events.submitted())
                : scheduled;
        ask(started, task, request, name.get());
    }

    private FrameRow scheduled(FrameRow frame, Request request, TaskEvents events) {
        return record(
                frame,
                events.scheduled(
                        request.input(), request.timeoutSeconds(), request.heartbeatSeconds(), request.credentials()));
    }

    private void startChild(FrameRow frame, Resource.Integration resource, Request request, TaskEvents events) {
        var rows = step.rows();
        var started = record(scheduled(frame, request, events), events.started(Optional.empty()));
        switch (ChildRequest.read(request.input(), rows.identity(), Uuids.random(step.random()))) {
            case ChildRequest.Reading.Refused(var code, var message) ->
                step.childTasks().failToStart(started, resource, ChildTexts.refusal(code, message, step.random()));
            case ChildRequest.Reading.Readable(var child) -> {
                var interest = ChildTasks.interest(resource);
                var timer = await(
                        started,
                        request,
                        true,
                        Optional.of(new WaitRow.Child(child.executionArn(), interest, false)),
                        Optional.empty());
                rows.count(child.input());
                rows.emit(new Effect.StartChild(
                        child.executionArn(),
                        child.name(),
                        new ChildMachine.Current(child.stateMachineArn()),
                        child.input(),
                        new Parent(
                                rows.identity().arn(),
                                request.ticket(),
                                step.inputs().binding(),
                                interest,
                                Optional.empty())));
                startTimer(request.ticket(), timer);
            }
        }
    }

    private void startTimer(long ticket, Optional<Instant> timer) {
        timer.ifPresent(due -> step.rows().emit(new Effect.StartTimer(ticket, due, TimerKind.DEADLINE)));
    }

    private void ask(FrameRow frame, State.Task task, Request request, String name) {
        var rows = step.rows();
        var startsAtOnce = TaskEvents.of(task.resource(), rows.identity()).startsAtOnce();
        var limit = limit(name);
        var timer = await(frame, request, startsAtOnce, Optional.empty(), limit);
        var workersInput = TaskEvents.workersInput(task.resource(), request.input());
        rows.count(workersInput);
        rows.emit(new Effect.RequestTask(
                request.ticket(),
                frame.path(),
                frame.state(),
                name,
                task.resource().text(),
                workersInput,
                request.token(),
                timer,
                request.heartbeatSeconds().map(Duration::ofSeconds),
                frame.retries().stream().mapToInt(Integer::intValue).sum(),
                turn(limit)));
        startTimer(request.ticket(), timer);
    }

    /** The name, if its tasks are counted. */
    Optional<String> limit(String name) {
        return Optional.of(name).filter(step.inputs().taskNames()::isLimited);
    }

    static Effect.Turn turn(Optional<String> limit) {
        return limit.isPresent() ? Effect.Turn.IN_ORDER : Effect.Turn.AT_ONCE;
    }

    /** Has the frame wait for the task; returns the time that a timer is to be set for. */
    private Optional<Instant> await(
            FrameRow frame, Request request, boolean started, Optional<WaitRow.Child> child, Optional<String> limit) {
        var rows = step.rows();
        var ticket = request.ticket();
        var timeout = request.timeoutSeconds().map(step.now()::plusSeconds);
        var heartbeat = request.heartbeatSeconds().map(Duration::ofSeconds);
        var heartbeatDue =
                heartbeat.map(interval -> new WaitRow.HeartbeatDue(step.now().plus(interval), interval));
        var timer = Waits.earlier(timeout, heartbeatDue.map(WaitRow.HeartbeatDue::due));
        rows.put(new WaitRow.Task(
                ticket,
                frame.path(),
                step.now(),
                step.inputs().binding(),
                started,
                timeout,
                heartbeatDue,
                timer,
                child,
                limit));
        rows.put(frame.in(new Phase.AwaitingTask(ticket)));
        return timer;
    }

    /** An open task, with all that an answer to it touches. */
    private record Open(WaitRow.Task row, FrameRow frame, State.Task state, TaskEvents events) {}

    void complete(Command.CompleteTask command) {
        if (step.mapTasks().complete(command)) {
            return;
        }
        open(command.ticket(), command.binding(), command.appended()).ifPresent(open -> {
            step.rows().answer(new Verdict.Accepted(step.now()));
            if (command.output().bytes() > step.inputs().limits().payloadBytes()) {
                endFailed(open, step.failures().tooLarge(open.frame().state()));
                return;
            }
            step.waits().end(open.row(), TaskOutcome.SUCCEEDED);
            var result = TaskEvents.wrap(open.state().resource(), command.output(), step.now(), step.random());
            var frame = record(started(open), open.events().succeeded(result));
            step.states().leaveWith(frame, open.state(), result, open.state().transition());
        });
    }

    void fail(Command.FailTask command) {
        if (step.mapTasks().fail(command)) {
            return;
        }
        open(command.ticket(), command.binding(), command.appended()).ifPresent(open -> {
            step.rows().answer(new Verdict.Accepted(step.now()));
            endFailed(open, new Failure(command.error(), command.cause(), Failure.Kind.ORDINARY));
        });
    }

    private void endFailed(Open open, Failure failure) {
        step.waits().end(open.row(), TaskOutcome.FAILED);
        step.failures().fail(record(started(open), open.events().failed(failure)), failure);
    }

    void take(Command.StartTask command) {
        open(command.ticket(), command.binding(), command.appended()).ifPresent(open -> {
            step.rows().answer(new Verdict.Accepted(step.now()));
            if (!open.row().started()) {
                step.rows().put(record(open.frame(), open.events().started(command.workerName())));
                step.rows().put(open.row().asStarted());
            }
        });
    }

    void heartbeat(Command.Heartbeat command) {
        open(command.ticket(), command.binding(), command.appended()).ifPresent(open -> {
            step.rows().put(open.row().heardOf(command.appended()));
            step.rows().answer(new Verdict.Accepted(step.now()));
        });
    }

    /** A worker that answers without having said that it started has started now. */
    private FrameRow started(Open open) {
        return open.row().started()
                ? open.frame()
                : record(open.frame(), open.events().started(Optional.empty()));
    }

    /** The task that a command is about; otherwise the command is refused here. */
    private Optional<Open> open(long ticket, String binding, Instant appended) {
        var rows = step.rows();
        if (!rows.exists()) {
            return refuse(Verdict.Refusal.TASK_DOES_NOT_EXIST, "Task Does Not Exist: 'Provided task does not exist'");
        }
        if (ticket < 1 || ticket >= rows.nextTicket()) {
            return refuse(Verdict.Refusal.INVALID_TOKEN, "Invalid Token: 'Invalid token'");
        }
        var found = rows.findWait(ticket);
        if (found.isEmpty()) {
            return refuseClosed();
        }
        if (!(found.get() instanceof WaitRow.Task wait) || !wait.binding().equals(binding)) {
            return refuse(Verdict.Refusal.INVALID_TOKEN, "Invalid Token: 'Invalid token'");
        }
        if (!step.isAlive(wait.path())) {
            return refuseClosed();
        }
        if (wait.deadline().filter(appended::isAfter).isPresent()) {
            timeOutLate(wait);
            return refuseClosed();
        }
        return Optional.of(openOf(wait));
    }

    private Open openOf(WaitRow.Task wait) {
        var frame = step.rows().frame(wait.path());
        if (!(step.definitionOf(frame) instanceof State.Task state)) {
            throw new IllegalStateException("a task waits in state '" + frame.state() + "', which is no Task");
        }
        return new Open(
                wait, frame, state, TaskEvents.of(state.resource(), step.rows().identity()));
    }

    private Optional<Open> refuseClosed() {
        return refuse(Verdict.Refusal.TASK_TIMED_OUT, "Task Timed Out: 'Provided task does not exist anymore'");
    }

    private Optional<Open> refuse(Verdict.Refusal reason, String message) {
        step.rows().answer(new Verdict.Refused(reason, message));
        return Optional.empty();
    }

    /** The task's timer has come: the task times out, unless heartbeats have put that off. */
    void fireTimer(WaitRow.Task wait, Instant due) {
        if (!wait.timer().equals(Optional.of(due)) || !step.isAlive(wait.path())) {
            return;
        }
        var deadline = wait.deadline().orElseThrow();
        if (deadline.isAfter(due)) {
            step.rows().put(wait.timedFor(deadline));
            step.rows().emit(new Effect.StartTimer(wait.ticket(), deadline, TimerKind.DEADLINE));
        } else {
            timeOut(wait);
        }
    }

    /** An answer has come after the deadline, before the timer: the task times out now. */
    void timeOutLate(WaitRow.Task wait) {
        wait.timer().ifPresent(due -> step.rows().emit(new Effect.CancelTimer(wait.ticket(), due)));
        timeOut(wait);
    }

    /** Tells that a task's time is up, if it is, before the task is aborted with the rest: AWS does. */
    void recordDue(FrameRow frame) {
        if (frame.phase() instanceof Phase.AwaitingTask(var ticket)
                && step.rows().closing().isEmpty()) {
            step.rows()
                    .findWait(ticket)
                    .flatMap(wait -> wait instanceof WaitRow.Task task ? Optional.of(task) : Optional.empty())
                    .filter(task -> task.deadline()
                            .filter(due -> !due.isAfter(step.now()))
                            .isPresent())
                    .ifPresent(task -> record(frame, openOf(task).events().timedOut(timedOut(task))));
        }
    }

    private void timeOut(WaitRow.Task wait) {
        var open = openOf(wait);
        step.waits().close(wait.ticket(), TaskOutcome.TIMED_OUT, wait.limit());
        step.rows().deleteWait(wait.ticket());
        step.childTasks().giveUp(wait);
        var failure = timedOut(wait);
        step.failures().fail(record(open.frame(), open.events().timedOut(failure)), failure);
    }

    private static Failure timedOut(WaitRow.Task wait) {
        return new Failure(
                Optional.of(ErrorEquals.TIMEOUT),
                Optional.empty(),
                wait.missedHeartbeat() ? Failure.Kind.HEARTBEAT : Failure.Kind.ORDINARY);
    }

    private FrameRow record(FrameRow frame, Optional<TaskEvents.Entry> entry) {
        return entry.map(present ->
                        frame.after(step.history().add(frame.previousEventId(), present.type(), present.details())))
                .orElse(frame);
    }
}
