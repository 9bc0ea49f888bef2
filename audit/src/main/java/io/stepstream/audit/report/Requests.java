package io.stepstream.audit.report;

import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.audit.report.Approval.Decider;
import io.stepstream.audit.report.Approval.Evidence;
import io.stepstream.audit.report.Approval.Outcome;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskChange;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers requests for a decision from history records. A request is for a decision if one was made; or if its state waits for whoever
 * holds the token, unless all that ever answered that state gave something else, as a machine does.
 */
final class Requests {
    /** Some 150 MB. */
    private static final int MOST = 200_000;

    private final CallbackStates callbacks;
    private final Map<String, Open> open = new HashMap<>();
    private final List<Approval> ended = new ArrayList<>();
    private final Escalations escalations = new Escalations();
    private final Set<State> decided = new HashSet<>();
    private final Set<State> answered = new HashSet<>();

    private record State(String stateMachine, String name) {
        static State of(Approval approval) {
            return new State(approval.stateMachine(), approval.state());
        }
    }

    /** A task that has been asked for; it may be open for long, so its record is not kept. */
    private record Open(TaskChange change, String executionArn, String revision, Instant asked, Evidence evidence) {
        static Open of(TaskChange change, Entry entry) {
            var record = entry.record();
            return new Open(
                    change, record.getExecutionArn(), record.getRevision(), record.getNow(), Requests.evidence(entry));
        }
    }

    /** How a task ended. */
    private record End(Outcome outcome, Instant at, Optional<Decider> decider, String comment, String error) {}

    Requests(CallbackStates callbacks) {
        this.callbacks = callbacks;
    }

    void take(Entry entry) {
        var record = entry.record();
        for (var change : record.getTasks()) {
            var key = entry.executionId() + ' ' + change.getTicket();
            if (change.getChange().equals("REQUESTED")) {
                open.put(key, Open.of(change, entry));
            } else {
                end(open.remove(key), change, entry);
            }
        }
        escalations.take(entry.executionId(), record);
    }

    private static Evidence evidence(Entry entry) {
        return new Evidence(
                entry.stored().partition(),
                entry.stored().offset(),
                entry.record().getStep());
    }

    private void end(@Nullable Open request, TaskChange change, Entry entry) {
        if (request == null) {
            return;
        }
        var end = end(change, entry.record());
        if (!end.outcome().isDecision() && !isCallback(request)) {
            return;
        }
        if (ended.size() == MOST) {
            throw new TooMuchToReport("there are more than " + MOST
                    + " requests for a decision: ask for fewer with --from, --to or --state-machine");
        }
        var approval = approval(request, end, evidence(entry), "");
        ended.add(approval);
        if (end.outcome().isDecision()) {
            decided.add(State.of(approval));
        } else if (end.outcome() == Outcome.ANSWERED) {
            answered.add(State.of(approval));
        } else if (end.outcome() == Outcome.TIMED_OUT) {
            var place = ended.size() - 1;
            escalations.follow(
                    entry.executionId(),
                    entry.record(),
                    state -> ended.set(place, approval(request, escalated(end), approval.evidence(), state)));
        }
    }

    private static End escalated(End timeout) {
        return new End(Outcome.ESCALATED, timeout.at(), timeout.decider(), timeout.comment(), timeout.error());
    }

    private static End end(TaskChange change, HistoryRecord record) {
        return switch (record.getCommand()) {
            case TaskCompleted completed
            when completed.getTicket() == change.getTicket()
                    && change.getChange().equals("SUCCEEDED") -> {
                var answer = Decisions.of(record, completed);
                yield new End(
                        answer.outcome(), completed.getAppended(), Optional.of(answer.decider()), answer.comment(), "");
            }
            case TaskFailedBy failed
            when failed.getTicket() == change.getTicket() && change.getChange().equals("FAILED") ->
                new End(
                        Outcome.FAILED,
                        failed.getAppended(),
                        Optional.of(Decisions.decider(record, "")),
                        sensitive(record, failed.getCause()),
                        sensitive(record, failed.getError()));
            default -> new End(outcome(change), record.getNow(), Optional.empty(), "", "");
        };
    }

    private static Outcome outcome(TaskChange change) {
        return switch (change.getChange()) {
            case "TIMED_OUT" -> Outcome.TIMED_OUT;
            case "FAILED" -> Outcome.FAILED;
            case "SUCCEEDED" -> Outcome.ANSWERED;
            default -> Outcome.ABORTED;
        };
    }

    private static String sensitive(HistoryRecord record, @Nullable String text) {
        return text == null ? "" : ShownPayloads.of(record).sensitive(text);
    }

    private boolean isCallback(Open request) {
        return callbacks.has(
                request.executionArn(), request.revision(), request.change().getState());
    }

    private static Approval approval(Open request, End end, Evidence evidence, String escalatedTo) {
        return new Approval(
                ExecutionNames.stateMachine(request.executionArn()),
                request.executionArn(),
                request.change().getState(),
                request.change().getName(),
                request.asked(),
                Optional.ofNullable(request.change().getDeadline()),
                end.outcome(),
                end.outcome() == Outcome.PENDING ? Optional.empty() : Optional.of(end.at()),
                end.decider(),
                end.comment(),
                end.error(),
                escalatedTo,
                evidence);
    }

    /** The requests so far, the open ones included. */
    List<Approval> approvals() {
        var all = new ArrayList<>(ended);
        open.values().stream()
                .filter(this::isCallback)
                .map(request -> approval(
                        request,
                        new End(Outcome.PENDING, request.asked(), Optional.empty(), "", ""),
                        request.evidence(),
                        ""))
                .forEach(all::add);
        all.removeIf(approval -> !approval.outcome().isDecision()
                && answered.contains(State.of(approval))
                && !decided.contains(State.of(approval)));
        return all;
    }
}
