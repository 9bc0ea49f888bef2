package io.stepstream.chaos.check;

import io.stepstream.schemas.avro.CancelChildExecution;
import io.stepstream.schemas.avro.CancelledByParent;
import io.stepstream.schemas.avro.ChildEnded;
import io.stepstream.schemas.avro.ChildHeardOf;
import io.stepstream.schemas.avro.ChildRedriven;
import io.stepstream.schemas.avro.ChildRefused;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.ChildStarted;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.Continued;
import io.stepstream.schemas.avro.HeardEnded;
import io.stepstream.schemas.avro.HeardRedriven;
import io.stepstream.schemas.avro.HeardRefused;
import io.stepstream.schemas.avro.HeardStarted;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PausedBy;
import io.stepstream.schemas.avro.RedriveChildExecution;
import io.stepstream.schemas.avro.Redriven;
import io.stepstream.schemas.avro.ResumedBy;
import io.stepstream.schemas.avro.StartChildExecution;
import io.stepstream.schemas.avro.Started;
import io.stepstream.schemas.avro.Stopped;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import io.stepstream.schemas.avro.TaskHeartbeatOf;
import io.stepstream.schemas.avro.TaskTakenBy;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a command is, as a text that its record in an input topic and its history record give alike. */
final class Identity {
    private Identity() {}

    static String start(String id, @Nullable String requestId) {
        return id + " start " + requestId;
    }

    static String stop(String id, @Nullable String requestId) {
        return id + " stop " + requestId;
    }

    static String pause(String id, @Nullable String requestId) {
        return id + " pause " + requestId;
    }

    static String resume(String id, @Nullable String requestId) {
        return id + " resume " + requestId;
    }

    static String redrive(String id, @Nullable String requestId) {
        return id + " redrive " + requestId;
    }

    /** An answer to a task, of the kind that is one of the words below. */
    static String answer(String id, String word, long ticket, String binding, Instant appended) {
        return id + ' ' + word + ' ' + ticket + ' ' + binding + ' ' + appended.toEpochMilli();
    }

    static String startChild(String id, String parentArn, long ticket) {
        return id + " start-child " + parentArn + ' ' + ticket;
    }

    static String startChild(String id, StartChildExecution start) {
        return startChild(
                id, start.getParent().getExecutionArn(), start.getParent().getTicket());
    }

    static String cancel(String id, String parentArn, long ticket) {
        return id + " cancel " + parentArn + ' ' + ticket;
    }

    static String cancel(String id, CancelChildExecution cancel) {
        return cancel(id, cancel.getParentArn(), cancel.getTicket());
    }

    static String redrive(String id, String parentArn, long ticket) {
        return id + " redrive-child " + parentArn + ' ' + ticket;
    }

    static String redrive(String id, RedriveChildExecution redrive) {
        return redrive(
                id, redrive.getParent().getExecutionArn(), redrive.getParent().getTicket());
    }

    /** What is asked of a limit; the request that it may be for is compared when that is sent. */
    static String ask(String id, String limit, long ticket) {
        return id + " ask " + ticket + ' ' + limit;
    }

    static String endTurn(String id, String limit, long ticket) {
        return id + " end-turn " + ticket + ' ' + limit;
    }

    static String goOn(String id, long ticket) {
        return id + " continue " + ticket;
    }

    static String goOn(String id, ContinueExecution goOn) {
        return goOn(id, goOn.getTicket());
    }

    /** What a parent is told, when it was sent: its time is not known yet. */
    static String report(String id, long ticket, String binding, String about) {
        return id + " report " + ticket + ' ' + binding + ' ' + about;
    }

    static String report(String id, ChildReported report) {
        var about = switch (report.getReport()) {
            case ChildStarted started -> "started " + started.getExecutionArn();
            case ChildRedriven redriven -> "redriven " + redriven.getExecutionArn();
            case ChildRefused refused -> "refused " + refused.getSubject();
            case ChildEnded ended -> "ended " + ended.getExecutionArn();
            default -> throw new IllegalStateException("a report of an unknown kind: " + report);
        };
        return report(id, report.getTicket(), report.getBinding(), about);
    }

    private static String heard(String id, ChildHeardOf heard) {
        var about = switch (heard.getReport()) {
            case HeardStarted started -> "started " + started.getExecutionArn();
            case HeardRedriven redriven -> "redriven " + redriven.getExecutionArn();
            case HeardRefused refused -> "refused " + refused.getSubject();
            case HeardEnded ended -> "ended " + ended.getExecutionArn();
            default -> throw new IllegalStateException("a report of an unknown kind: " + heard);
        };
        return report(id, heard.getTicket(), heard.getBinding(), about);
    }

    /** The command of a step; empty if it comes from no topic. */
    static Optional<String> of(String id, HistoryRecord step) {
        var requestId = step.getCaller().getRequestId();
        return switch (step.getCommand()) {
            case Started started -> {
                var parent = started.getParent();
                yield Optional.of(
                        parent == null
                                ? start(id, requestId)
                                : startChild(id, parent.getExecutionArn(), parent.getTicket()));
            }
            case Stopped _ -> Optional.of(stop(id, requestId));
            case CancelledByParent cancel -> Optional.of(cancel(id, cancel.getParentArn(), cancel.getTicket()));
            case PausedBy _ -> Optional.of(pause(id, requestId));
            case ResumedBy _ -> Optional.of(resume(id, requestId));
            case Redriven redriven -> {
                var parent = redriven.getParent();
                yield Optional.of(
                        parent == null
                                ? redrive(id, requestId)
                                : redrive(id, parent.getExecutionArn(), parent.getTicket()));
            }
            case ChildHeardOf heard -> Optional.of(heard(id, heard));
            case Continued goOn -> Optional.of(goOn(id, goOn.getTicket()));
            case TaskCompleted done ->
                Optional.of(answer(id, "complete", done.getTicket(), done.getBinding(), done.getAppended()));
            case TaskFailedBy failed ->
                Optional.of(answer(id, "fail", failed.getTicket(), failed.getBinding(), failed.getAppended()));
            case TaskTakenBy taken ->
                Optional.of(answer(id, "take", taken.getTicket(), taken.getBinding(), taken.getAppended()));
            case TaskHeartbeatOf heart ->
                Optional.of(answer(id, "heartbeat", heart.getTicket(), heart.getBinding(), heart.getAppended()));
            default -> Optional.empty();
        };
    }
}
