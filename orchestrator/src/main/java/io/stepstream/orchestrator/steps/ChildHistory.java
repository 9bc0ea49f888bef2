package io.stepstream.orchestrator.steps;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.schemas.avro.ChildHeardOf;
import io.stepstream.schemas.avro.HeardEnded;
import io.stepstream.schemas.avro.HeardRedriven;
import io.stepstream.schemas.avro.HeardRefused;
import io.stepstream.schemas.avro.HeardStarted;
import io.stepstream.schemas.avro.StartedBy;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** What executions and their children tell each other, as history records keep it, and back. */
final class ChildHistory {
    private static final int NONE = -1;

    private ChildHistory() {}

    static StartedBy startedBy(Parent parent, PayloadTable payloads) {
        var item = parent.item();
        return new StartedBy(
                parent.executionArn(),
                parent.ticket(),
                parent.binding(),
                parent.interest().name(),
                item.map(Parent.MapItem::state).orElse(null),
                item.map(Parent.MapItem::index).orElse(NONE),
                item.flatMap(Parent.MapItem::value).map(payloads::index).orElse(NONE),
                item.map(Parent.MapItem::runArn).orElse(""),
                item.map(Parent.MapItem::items).orElse(0));
    }

    static Parent parent(StartedBy by, IntFunction<Document> payloads) {
        return new Parent(
                by.getExecutionArn(),
                by.getTicket(),
                by.getBinding(),
                Parent.Interest.valueOf(by.getInterest()),
                Optional.ofNullable(by.getMapState())
                        .map(state -> new Parent.MapItem(
                                state,
                                by.getIndex(),
                                by.getMapRunArn(),
                                by.getItems(),
                                payload(by.getValue(), payloads))));
    }

    static ChildHeardOf heardOf(Command.HearOfChild command, PayloadTable payloads) {
        var report = switch (command.report()) {
            case ChildReport.Started(var arn, var startDate) -> new HeardStarted(arn, startDate);
            case ChildReport.Redriven(var arn) -> new HeardRedriven(arn);
            case ChildReport.Refused(var reason, var subject) -> new HeardRefused(reason.name(), subject);
            case ChildReport.Ended ended -> ended(ended, payloads);
        };
        return new ChildHeardOf(
                command.ticket(),
                command.binding(),
                command.item().isPresent() ? command.item().getAsInt() : null,
                command.appended(),
                report);
    }

    static Command.HearOfChild command(ChildHeardOf heard, IntFunction<Document> payloads) {
        var item = heard.getItem();
        return new Command.HearOfChild(
                heard.getTicket(),
                heard.getBinding(),
                item == null ? OptionalInt.empty() : OptionalInt.of(item),
                report(heard.getReport(), payloads),
                heard.getAppended());
    }

    private static HeardEnded ended(ChildReport.Ended ended, PayloadTable payloads) {
        var record = HeardEnded.newBuilder()
                .setExecutionArn(ended.executionArn())
                .setName(ended.name())
                .setStateMachineArn(ended.stateMachineArn())
                .setInput(ended.input().map(payloads::index).orElse(NONE))
                .setStartDate(ended.startDate())
                .setStopDate(ended.stopDate())
                .setStatus(ended.outcome().status().name())
                .setItems(ended.items());
        switch (ended.outcome()) {
            case Outcome.Succeeded(var output) -> record.setOutput(payloads.index(output));
            case Outcome.Failed(var error, var cause) ->
                record.setError(error.orElse(null)).setCause(cause.orElse(null));
            case Outcome.Aborted(var error, var cause) ->
                record.setError(error.orElse(null)).setCause(cause.orElse(null));
            case Outcome.TimedOut() -> {}
        }
        return record.build();
    }

    private static ChildReport report(Object report, IntFunction<Document> payloads) {
        return switch (report) {
            case HeardStarted started -> new ChildReport.Started(started.getExecutionArn(), started.getStartDate());
            case HeardRedriven redriven -> new ChildReport.Redriven(redriven.getExecutionArn());
            case HeardRefused refused ->
                new ChildReport.Refused(ChildReport.Refusal.valueOf(refused.getReason()), refused.getSubject());
            case HeardEnded ended ->
                new ChildReport.Ended(
                        ended.getExecutionArn(),
                        ended.getName(),
                        ended.getStateMachineArn(),
                        payload(ended.getInput(), payloads),
                        ended.getStartDate(),
                        ended.getStopDate(),
                        outcome(ended, payloads),
                        ended.getItems());
            default -> throw new IllegalArgumentException("a report of an unknown kind: " + report);
        };
    }

    private static Outcome outcome(HeardEnded ended, IntFunction<Document> payloads) {
        var error = Optional.ofNullable(ended.getError());
        var cause = Optional.ofNullable(ended.getCause());
        return switch (ExecutionStatus.valueOf(ended.getStatus())) {
            case SUCCEEDED -> new Outcome.Succeeded(payloads.apply(ended.getOutput()));
            case FAILED -> new Outcome.Failed(error, cause);
            case TIMED_OUT -> new Outcome.TimedOut();
            case ABORTED -> new Outcome.Aborted(error, cause);
            case RUNNING -> throw new IllegalArgumentException("a child was recorded to have ended RUNNING");
        };
    }

    private static Optional<Document> payload(int index, IntFunction<Document> payloads) {
        return index == NONE ? Optional.empty() : Optional.of(payloads.apply(index));
    }
}
