package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.definition.Resource;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.time.Instant;
import java.util.Optional;

/** Tasks that another execution does: {@code states:startExecution} in its four forms. */
final class ChildTasks {
    private final StepBuilder step;

    ChildTasks(StepBuilder step) {
        this.step = step;
    }

    /** What the parent of a child started by this task wants to hear of it. */
    static Parent.Interest interest(Resource.Integration resource) {
        return switch (resource.pattern()) {
            case REQUEST_RESPONSE, WAIT_FOR_TASK_TOKEN -> Parent.Interest.START;
            case SYNC, SYNC_2 -> Parent.Interest.DESCRIPTION;
        };
    }

    /** A child tells of itself. Without the wait that it was started for, or with another one's binding, it is stale. */
    void hear(Command.HearOfChild command) {
        var found = step.rows().exists() ? step.rows().findWait(command.ticket()) : Optional.<WaitRow>empty();
        if (found.isEmpty()) {
            cancelStray(command);
            return;
        }
        switch (found.get()) {
            case WaitRow.Task task
            when task.binding().equals(command.binding()) && task.child().isPresent() -> hear(task, command);
            case WaitRow.AbandonedChild abandoned
            when abandoned.binding().equals(command.binding()) -> hear(abandoned, command.report());
            case WaitRow.MapRun run
            when run.binding().equals(command.binding()) -> step.mapRuns().hear(run, command);
            case WaitRow.Task _,
                    WaitRow.AbandonedChild _,
                    WaitRow.MapRun _,
                    WaitRow.MapTask _,
                    WaitRow.Pause _,
                    WaitRow.ExecutionDeadline _ -> {}
        }
    }

    /** A child of a Map run that is over has started only now: its start has been overtaken by its cancellation. */
    private void cancelStray(Command.HearOfChild command) {
        if (step.rows().exists()
                && command.item().isPresent()
                && command.report() instanceof ChildReport.Started(var arn, var _)) {
            step.rows().emit(new Effect.CancelChild(arn, command.ticket()));
        }
    }

    /** The start that was still on its way has come to something. */
    private void hear(WaitRow.AbandonedChild abandoned, ChildReport report) {
        if (report instanceof ChildReport.Started(var arn, var _)) {
            step.rows().emit(new Effect.CancelChild(arn, abandoned.ticket()));
        }
        step.rows().deleteWait(abandoned.ticket());
    }

    private void hear(WaitRow.Task wait, Command.HearOfChild command) {
        var child = wait.child().orElseThrow();
        switch (command.report()) {
            case ChildReport.Started started -> {
                var confirmed = wait.confirmed(child);
                step.rows().put(confirmed);
                if (!child.confirmed() && step.isAlive(wait.path()) && inTime(confirmed, command.appended())) {
                    started(confirmed, started);
                }
            }
            // Only children of Map runs are redriven.
            case ChildReport.Redriven _ -> {}
            case ChildReport.Refused refused -> {
                step.rows().put(wait.childless());
                if (step.isAlive(wait.path()) && inTime(wait.childless(), command.appended())) {
                    refused(wait.childless(), refused);
                }
            }
            case ChildReport.Ended ended -> {
                step.rows().put(wait.childless());
                if (step.isAlive(wait.path()) && inTime(wait.childless(), command.appended())) {
                    ended(wait, ended);
                }
            }
        }
    }

    private boolean inTime(WaitRow.Task wait, Instant appended) {
        if (wait.deadline().filter(appended::isAfter).isEmpty()) {
            return true;
        }
        step.tasks().timeOutLate(wait);
        return false;
    }

    private record Asked(FrameRow frame, State.Task state, Resource.Integration resource) {
        /** The events of an integration name its service and action. */
        Details named() {
            return Details.none().text("resourceType", resource.service()).text("resource", resource.eventResource());
        }
    }

    private Asked asked(WaitRow.Task wait) {
        var frame = step.rows().frame(wait.path());
        if (step.definitionOf(frame) instanceof State.Task state
                && state.resource() instanceof Resource.Integration resource) {
            return new Asked(frame, state, resource);
        }
        throw new IllegalStateException("a child was started by state '" + frame.state() + "', which is no such task");
    }

    private void started(WaitRow.Task wait, ChildReport.Started started) {
        var asked = asked(wait);
        var response = ChildTexts.response(started.executionArn(), started.startDate(), step.now(), step.random());
        switch (asked.resource().pattern()) {
            case REQUEST_RESPONSE -> succeed(wait, asked, response);
            case SYNC, SYNC_2, WAIT_FOR_TASK_TOKEN -> step.rows().put(submitted(asked, response));
        }
    }

    private FrameRow submitted(Asked asked, Document response) {
        return append(
                asked.frame(), HistoryEventType.TASK_SUBMITTED, asked.named().data("output", response));
    }

    private void refused(WaitRow.Task wait, ChildReport.Refused refused) {
        step.waits().end(wait, TaskOutcome.FAILED);
        var asked = asked(wait);
        failToStart(asked.frame(), asked.resource(), ChildTexts.refusal(refused, step.random()));
    }

    /** The state fails because its child could not be started. AWS calls that a failed submission where there was to be one. */
    void failToStart(FrameRow frame, Resource.Integration resource, Failure failure) {
        var type = switch (resource.pattern()) {
            case REQUEST_RESPONSE -> HistoryEventType.TASK_FAILED;
            case SYNC, SYNC_2, WAIT_FOR_TASK_TOKEN -> HistoryEventType.TASK_SUBMIT_FAILED;
        };
        var details = Details.none()
                .text("resourceType", resource.service())
                .text("resource", resource.eventResource())
                .failure(failure);
        step.failures().fail(append(frame, type, details), failure);
    }

    private void ended(WaitRow.Task wait, ChildReport.Ended ended) {
        var asked = asked(wait);
        if (!wait.child().orElseThrow().confirmed()) {
            var response = ChildTexts.response(ended.executionArn(), ended.startDate(), step.now(), step.random());
            asked = new Asked(submitted(asked, response), asked.state(), asked.resource());
        }
        var described = switch (asked.resource().pattern()) {
            case SYNC_2 -> ChildTexts.descriptionAsJson(ended);
            case REQUEST_RESPONSE, SYNC, WAIT_FOR_TASK_TOKEN -> ChildTexts.description(ended);
        };
        if (described.bytes() > step.inputs().limits().payloadBytes()) {
            fail(wait, asked, step.failures().tooLarge(asked.frame().state()));
            return;
        }
        switch (ended.outcome()) {
            case Outcome.Succeeded _ -> succeed(wait.childless(), asked, described);
            case Outcome.Failed _, Outcome.TimedOut _, Outcome.Aborted _ ->
                fail(wait, asked, Failure.of(ErrorEquals.TASK_FAILED, described.text()));
        }
    }

    private void succeed(WaitRow.Task wait, Asked asked, Document result) {
        step.waits().end(wait, TaskOutcome.SUCCEEDED);
        var frame = append(
                asked.frame(), HistoryEventType.TASK_SUCCEEDED, asked.named().data("output", result));
        step.states().leaveWith(frame, asked.state(), result, asked.state().transition());
    }

    private void fail(WaitRow.Task wait, Asked asked, Failure failure) {
        step.waits().end(wait.childless(), TaskOutcome.FAILED);
        var frame = append(
                asked.frame(), HistoryEventType.TASK_FAILED, asked.named().failure(failure));
        step.failures().fail(frame, failure);
    }

    private FrameRow append(FrameRow frame, HistoryEventType type, Details details) {
        return frame.after(step.history().add(frame.previousEventId(), type, details));
    }

    /** Nobody waits for this task any more: a child whose end was waited for is cancelled, now or once it has started. */
    void giveUp(WaitRow.Task wait) {
        wait.child().filter(child -> child.interest().inEnd()).ifPresent(child -> {
            step.rows().emit(new Effect.CancelChild(child.executionArn(), wait.ticket()));
            if (!child.confirmed()) {
                step.rows().put(new WaitRow.AbandonedChild(wait.ticket(), wait.binding(), child.executionArn()));
            }
        });
    }
}
