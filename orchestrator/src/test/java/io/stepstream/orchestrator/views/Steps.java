package io.stepstream.orchestrator.views;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.TrustedRecords;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Continued;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.LinkUse;
import io.stepstream.schemas.avro.MintedToken;
import io.stepstream.schemas.avro.PayloadRef;
import io.stepstream.schemas.avro.Started;
import io.stepstream.schemas.avro.TaskChange;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** History records and statuses of one execution, as the engine would write them. */
public final class Steps {

    static {
        TrustedRecords.trust();
    }

    /** The first step's time; each later step comes a second after the one before. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final String arn;
    private final String name;
    private long step;
    private long lastEvent;

    public Steps(String name) {
        this.name = name;
        this.arn = Arns.DEFAULT.execution("machine", name);
    }

    public String executionId() {
        return Arns.executionId(arn);
    }

    /** Step 1: {@code ExecutionStarted}, with this input. */
    public HistoryRecord started(String input) {
        var command = new Started(
                name, Arns.DEFAULT.stateMachine("machine"), "machine", "role", 0, "STANDARD", null, null, null);
        return record(command, List.of(input), List.of(), List.of("ExecutionStarted"));
    }

    /** A step of so many events. */
    public HistoryRecord events(int count) {
        var types = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            types.add(i % 2 == 0 ? "PassStateEntered" : "PassStateExited");
        }
        return record(new Continued(0L), List.of("{\"step\":" + (step + 1) + "}"), List.of(), types);
    }

    /** A step that asks for the task of this ticket. */
    public HistoryRecord asks(long ticket, String input, String token) {
        var change = new TaskChange(
                ticket, "REQUESTED", "mail", "Ask", 0, at(step + 1).plusSeconds(60));
        var record = record(new Continued(0L), List.of(input), List.of(change), List.of("TaskStateEntered"));
        return HistoryRecord.newBuilder(record)
                .setTokens(List.of(new MintedToken(ticket, token)))
                .build();
    }

    /** A step in which the task of this ticket comes to this end. */
    public HistoryRecord ends(long ticket, String change) {
        var end = new TaskChange(ticket, change, "", "", -1, null);
        return record(new Continued(0L), List.of("{}"), List.of(end), List.of("TaskStateExited"));
    }

    /** A step in which the task of this ticket is completed with this output, by a link if there is one. */
    public HistoryRecord completed(long ticket, String output, Optional<LinkUse> link) {
        var end = new TaskChange(ticket, "SUCCEEDED", "", "", -1, null);
        var command = new TaskCompleted(ticket, "", 0, at(step + 1));
        var record = record(command, List.of(output), List.of(end), List.of("TaskStateExited"));
        return HistoryRecord.newBuilder(record).setLink(link.orElse(null)).build();
    }

    /** A step in which the task of this ticket is failed with this error and cause. */
    public HistoryRecord failed(long ticket, String error, String cause) {
        var end = new TaskChange(ticket, "FAILED", "", "", -1, null);
        var command = new TaskFailedBy(ticket, "", error, cause, at(step + 1));
        return record(command, List.of(), List.of(end), List.of("TaskStateExited"));
    }

    public ExecutionStatus running(String input) {
        return status("RUNNING", input, Optional.empty());
    }

    public ExecutionStatus succeeded(String input, String output) {
        return status("SUCCEEDED", input, Optional.of(output));
    }

    private ExecutionStatus status(String status, String input, Optional<String> output) {
        return new ExecutionStatus(
                arn,
                name,
                Arns.DEFAULT.stateMachine("machine"),
                "revision",
                status,
                START,
                output.map(any -> at(step)).orElse(null),
                Payloads.of(input),
                output.map(Payloads::of).orElse(null),
                null,
                null,
                "STANDARD",
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                "",
                null,
                step);
    }

    /** The time of a step. */
    public static Instant at(long step) {
        return START.plusSeconds(step - 1);
    }

    private HistoryRecord record(
            Object command, List<String> payloads, List<TaskChange> tasks, List<String> eventTypes) {
        step++;
        var events = new ArrayList<Event>();
        for (var type : eventTypes) {
            var field = type.endsWith("Exited") ? "output" : "input";
            events.add(new Event(lastEvent + 1, lastEvent, type, List.of(new EventDetail(field, new PayloadRef(0)))));
            lastEvent++;
        }
        return HistoryRecord.newBuilder()
                .setExecutionArn(arn)
                .setStep(step)
                .setPreviousHash(ByteBuffer.allocate(0))
                .setSemantics(1)
                .setRevision("revision")
                .setSettingsHash("")
                .setNow(at(step))
                .setSeed(0)
                .setBinding("")
                .setCaller(new Caller("somebody", "http", "", null, null))
                .setCommand(command)
                .setTokens(List.of())
                .setUnregistered(List.of())
                .setTasks(tasks)
                .setEvents(events)
                .setPayloads(payloads.stream().map(Payloads::of).toList())
                .setEffectsDigest(ByteBuffer.allocate(0))
                .build();
    }
}
