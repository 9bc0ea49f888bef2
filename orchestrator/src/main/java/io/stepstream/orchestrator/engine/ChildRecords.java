package io.stepstream.orchestrator.engine;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ChildMachine;
import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.CancelChildExecution;
import io.stepstream.schemas.avro.ChildEnded;
import io.stepstream.schemas.avro.ChildRedriven;
import io.stepstream.schemas.avro.ChildRefused;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.ChildStarted;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.MapItemLink;
import io.stepstream.schemas.avro.ParentLink;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.RedriveChildExecution;
import io.stepstream.schemas.avro.StartChildExecution;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What executions and their children tell each other, as records of the internal topic and back. */
final class ChildRecords {
    private ChildRecords() {}

    static Internal start(Effect.StartChild start) {
        var machine = start.machine();
        var revision = switch (machine) {
            case ChildMachine.Current _ -> Optional.<String>empty();
            case ChildMachine.SameAsParent same -> Optional.of(same.revision());
        };
        var stateMachineArn = switch (machine) {
            case ChildMachine.Current current -> current.stateMachineArn();
            case ChildMachine.SameAsParent same -> same.stateMachineArn();
        };
        return new Internal(new StartChildExecution(
                start.executionArn(),
                start.name(),
                stateMachineArn,
                revision.orElse(null),
                payload(start.input()),
                link(start.parent())));
    }

    static Internal cancel(String parentArn, long ticket) {
        return new Internal(new CancelChildExecution(parentArn, ticket));
    }

    static Internal redrive(String childArn, Parent parent) {
        return new Internal(new RedriveChildExecution(childArn, link(parent)));
    }

    static Internal report(Parent parent, ChildReport report) {
        return new Internal(new ChildReported(
                parent.ticket(),
                parent.binding(),
                parent.item().map(Parent.MapItem::index).orElse(null),
                report(report)));
    }

    static Command.HearOfChild command(ChildReported reported, Instant appended) {
        var item = reported.getItem();
        return new Command.HearOfChild(
                reported.getTicket(),
                reported.getBinding(),
                item == null ? OptionalInt.empty() : OptionalInt.of(item),
                report(reported.getReport()),
                appended);
    }

    static Parent parent(ParentLink link) {
        return new Parent(
                link.getExecutionArn(),
                link.getTicket(),
                link.getBinding(),
                Parent.Interest.valueOf(link.getInterest()),
                Optional.ofNullable(link.getItem())
                        .map(item -> new Parent.MapItem(
                                item.getState(),
                                item.getIndex(),
                                item.getRunArn(),
                                item.getItems(),
                                document(item.getValue()))));
    }

    private static ParentLink link(Parent parent) {
        return new ParentLink(
                parent.executionArn(),
                parent.ticket(),
                parent.binding(),
                parent.interest().name(),
                parent.item()
                        .map(item -> new MapItemLink(
                                item.state(),
                                item.index(),
                                item.value().map(ChildRecords::payload).orElse(null),
                                item.runArn(),
                                item.items()))
                        .orElse(null));
    }

    private static Object report(ChildReport report) {
        return switch (report) {
            case ChildReport.Started(var arn, var startDate) -> new ChildStarted(arn, startDate);
            case ChildReport.Redriven(var arn) -> new ChildRedriven(arn);
            case ChildReport.Refused(var reason, var subject) -> new ChildRefused(reason.name(), subject);
            case ChildReport.Ended ended -> ended(ended);
        };
    }

    private static ChildEnded ended(ChildReport.Ended ended) {
        var record = ChildEnded.newBuilder()
                .setExecutionArn(ended.executionArn())
                .setName(ended.name())
                .setStateMachineArn(ended.stateMachineArn())
                .setInput(ended.input().map(ChildRecords::payload).orElse(null))
                .setStartDate(ended.startDate())
                .setStopDate(ended.stopDate())
                .setStatus(ended.outcome().status().name())
                .setItems(ended.items());
        switch (ended.outcome()) {
            case Outcome.Succeeded(var output) -> record.setOutput(payload(output));
            case Outcome.Failed(var error, var cause) ->
                record.setError(error.orElse(null)).setCause(cause.orElse(null));
            case Outcome.Aborted(var error, var cause) ->
                record.setError(error.orElse(null)).setCause(cause.orElse(null));
            case Outcome.TimedOut() -> {}
        }
        return record.build();
    }

    private static ChildReport report(Object report) {
        return switch (report) {
            case ChildStarted started -> new ChildReport.Started(started.getExecutionArn(), started.getStartDate());
            case ChildRedriven redriven -> new ChildReport.Redriven(redriven.getExecutionArn());
            case ChildRefused refused ->
                new ChildReport.Refused(ChildReport.Refusal.valueOf(refused.getReason()), refused.getSubject());
            case ChildEnded ended ->
                new ChildReport.Ended(
                        ended.getExecutionArn(),
                        ended.getName(),
                        ended.getStateMachineArn(),
                        document(ended.getInput()),
                        ended.getStartDate(),
                        ended.getStopDate(),
                        outcome(ended),
                        ended.getItems());
            default -> throw new IllegalStateException("a report of an unknown kind: " + report);
        };
    }

    private static Outcome outcome(ChildEnded ended) {
        var error = Optional.ofNullable(ended.getError());
        var cause = Optional.ofNullable(ended.getCause());
        return switch (ExecutionStatus.valueOf(ended.getStatus())) {
            case SUCCEEDED -> new Outcome.Succeeded(document(ended.getOutput()).orElseThrow());
            case FAILED -> new Outcome.Failed(error, cause);
            case TIMED_OUT -> new Outcome.TimedOut();
            case ABORTED -> new Outcome.Aborted(error, cause);
            case RUNNING -> throw new IllegalStateException("a child reported that it ended RUNNING");
        };
    }

    private static Payload payload(Document document) {
        return Payloads.of(document.text());
    }

    /** The engine wrote it: it is JSON. */
    static Optional<Document> document(@Nullable Payload payload) {
        return Optional.ofNullable(payload).map(Payloads::json).map(Document::ofTrusted);
    }
}
