package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.rows.avro.QueuedTurn;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.tracing.TraceHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Everything that the engine sends, each kind of record in one place; all of it in the transaction of the step. */
final class Outbox {
    private final ProcessorContext<byte[], Outgoing> context;
    private final RecordCodec codec;
    private final Meters meters;
    private TraceHeaders trace = TraceHeaders.NONE;

    Outbox(ProcessorContext<byte[], Outgoing> context, RecordCodec codec, Meters meters) {
        this.context = context;
        this.codec = codec;
        this.meters = meters;
    }

    /** What is sent from now on belongs to this trace. */
    void follow(TraceHeaders headers) {
        trace = headers;
    }

    /** What is sent meanwhile is the business of another span, if there is one to say so. */
    void within(Optional<TraceHeaders> span, Runnable sending) {
        var around = trace;
        trace = span.orElse(around);
        sending.run();
        trace = around;
    }

    private Headers traced() {
        var headers = new RecordHeaders();
        trace.addTo(headers);
        return headers;
    }

    /** Appends to an execution's history; returns the bytes as they are stored, which the chain's hash is taken over. */
    byte[] history(String executionId, HistoryRecord step) {
        return send(EngineTopology.HISTORY, Topics.HISTORY, executionId, step, step.getNow());
    }

    void status(String executionId, ExecutionStatus status, Instant now) {
        send(EngineTopology.EXECUTIONS, Topics.EXECUTIONS, executionId, status, now);
    }

    void request(TaskRequest request, Instant now) {
        request(request, traced(), now);
    }

    /** A request of a sealed execution: its header tells the worker not to keep what is in it. */
    void sealedRequest(TaskRequest request, Instant now) {
        request(request, traced().add(Topics.SEALED_HEADER, new byte[] {1}), now);
    }

    private void request(TaskRequest request, Headers headers, Instant now) {
        var topic = Topics.taskRequests(request.getName());
        request(topic, request.getExecutionId(), request.getToken(), codec.encode(topic, request), headers, now);
    }

    private void request(String topic, String executionId, String token, byte[] request, Headers headers, Instant now) {
        headers.add(Topics.TOKEN_HEADER, token.getBytes(StandardCharsets.UTF_8));
        forward(
                EngineTopology.TASK_REQUESTS,
                topic,
                executionId.getBytes(StandardCharsets.UTF_8),
                OptionalInt.empty(),
                request,
                now,
                headers);
    }

    /** What a limit that has just been asked keeps until it is its turn, with the trace that it belongs to. */
    QueuedTurn turn(AskForTurn asked) {
        var request = asked.getRequest();
        return new QueuedTurn(
                asked.getExecutionId(),
                asked.getTicket(),
                request == null ? null : ByteBuffer.wrap(codec.encode(Topics.taskRequests(request.getName()), request)),
                request == null ? "" : request.getToken(),
                asked.getSealed(),
                trace.traceparent().orElse(null),
                trace.tracestate().orElse(null));
    }

    /** It is its turn: the task is asked for, or the execution begins, in the trace that it was asked in. */
    void send(String limit, QueuedTurn turn, Instant now) {
        var asked = TraceHeaders.stored(turn.getTraceparent(), turn.getTracestate());
        within(Optional.of(asked), () -> sendNow(limit, turn, now));
    }

    private void sendNow(String limit, QueuedTurn turn, Instant now) {
        var request = turn.getRequest();
        if (request == null) {
            goOn(turn.getExecutionId(), turn.getTicket(), now);
            return;
        }
        var headers = traced();
        if (turn.getSealed()) {
            headers.add(Topics.SEALED_HEADER, new byte[] {1});
        }
        var topic = Topics.taskRequests(LimitKeys.name(limit));
        request(topic, turn.getExecutionId(), turn.getToken(), Utils.toArray(request), headers, now);
    }

    void goOn(String executionId, long ticket, Instant now) {
        send(EngineTopology.INTERNAL, Topics.INTERNAL, executionId, new Internal(new ContinueExecution(ticket)), now);
    }

    /** Tells a partition something about a resource, or the home of a limit. */
    void tell(String resource, int partition, Internal letter, Instant now) {
        var key = Arns.executionId(resource).getBytes(StandardCharsets.UTF_8);
        send(EngineTopology.INTERNAL, Topics.INTERNAL, key, OptionalInt.of(partition), letter, now);
    }

    /** What one execution tells another. */
    void tell(String executionArn, Internal letter, Instant now) {
        send(EngineTopology.INTERNAL, Topics.INTERNAL, Arns.executionId(executionArn), letter, now);
    }

    /** A result that belongs into another partition. */
    void forward(String executionId, int partition, TaskResult result, Instant now) {
        var forwarded = TaskResult.newBuilder(result).setForwarded(true).build();
        send(
                EngineTopology.TASK_RESULTS,
                Topics.TASK_RESULTS,
                executionId.getBytes(StandardCharsets.UTF_8),
                OptionalInt.of(partition),
                forwarded,
                now);
    }

    void barrier(int partition, TaskResult barrier, Instant now) {
        send(EngineTopology.TASK_RESULTS, Topics.TASK_RESULTS, null, OptionalInt.of(partition), barrier, now);
    }

    /** Key: the resource's name in the topic, a space, the revision. */
    void definition(String key, Definition definition, Instant now) {
        send(EngineTopology.DEFINITIONS, Topics.DEFINITIONS, key, definition, now);
    }

    /** Takes a resource's name in the topic back. */
    void undefine(String key, Instant now) {
        forward(
                EngineTopology.DEFINITIONS,
                Topics.DEFINITIONS,
                key.getBytes(StandardCharsets.UTF_8),
                OptionalInt.empty(),
                null,
                now,
                traced());
    }

    /** Answers whoever waits; nobody may. */
    void accepted(Caller caller, String subject, Instant at) {
        verdict(caller, verdict(subject, at));
    }

    /** The same about a state machine: how the command left it, and the version that it was about. */
    void accepted(Caller caller, StateMachineResource machine, Optional<Long> version, Instant at) {
        verdict(
                caller,
                verdict(machine.getStateMachineArn(), at)
                        .setRevision(machine.getRevision())
                        .setRevisionId(machine.getRevisionId())
                        .setVersion(version.orElse(null))
                        .setSequence(machine.getSequence()));
    }

    /** The same about an activity. */
    void accepted(Caller caller, ActivityResource activity, Instant at) {
        verdict(caller, verdict(activity.getActivityArn(), at).setSequence(activity.getSequence()));
    }

    /** Tells whoever waits why nothing was done. */
    void refused(Caller caller, String subject, String refusal, String message, Instant at) {
        verdict(caller, verdict(subject, at).setRefusal(refusal).setMessage(message));
    }

    private static Verdict.Builder verdict(String subject, Instant at) {
        return Verdict.newBuilder().setSubject(subject).setAt(at);
    }

    private void verdict(Caller caller, Verdict.Builder verdict) {
        var replyTo = caller.getReplyTo();
        if (replyTo != null) {
            meters.verdict(Optional.ofNullable(verdict.getRefusal()).orElse(""));
            var addressed = verdict.setInstance(replyTo.getInstance())
                    .setCorrelation(replyTo.getCorrelation())
                    .build();
            send(EngineTopology.VERDICTS, Topics.VERDICTS, replyTo.getInstance(), addressed, addressed.getAt());
        }
    }

    /** Gives a record up; what the letter may hold is {@link DeadLetters}' business. */
    void deadLetter(Delivery delivery, DeadLetter letter, Instant now) {
        meters.deadLetter(delivery.topic());
        send(EngineTopology.DEAD_LETTERS, Topics.DEAD_LETTERS, delivery.key().get(), OptionalInt.empty(), letter, now);
    }

    /** A data key, wrapped and encoded. */
    void key(String executionId, byte[] wrapped, Instant now) {
        forward(
                EngineTopology.KEYS,
                Topics.KEYS,
                executionId.getBytes(StandardCharsets.UTF_8),
                OptionalInt.empty(),
                wrapped,
                now,
                traced());
    }

    /** A data key's tombstone. */
    void keyDestroyed(String executionId, Instant now) {
        forward(
                EngineTopology.KEYS,
                Topics.KEYS,
                executionId.getBytes(StandardCharsets.UTF_8),
                OptionalInt.empty(),
                null,
                now,
                traced());
    }

    private byte[] send(String sink, String topic, String key, SpecificRecord value, Instant now) {
        return send(sink, topic, key.getBytes(StandardCharsets.UTF_8), OptionalInt.empty(), value, now);
    }

    private byte[] send(
            String sink,
            String topic,
            byte @Nullable [] key,
            OptionalInt partition,
            SpecificRecord value,
            Instant now) {
        var bytes = codec.encode(topic, value);
        forward(sink, topic, key, partition, bytes, now, traced());
        return bytes;
    }

    private void forward(
            String sink,
            String topic,
            byte @Nullable [] key,
            OptionalInt partition,
            byte @Nullable [] value,
            Instant now,
            Headers headers) {
        var outgoing = new Outgoing(topic, partition, Optional.ofNullable(value).map(Bytes::wrap));
        context.forward(new Record<>(key, outgoing, now.toEpochMilli(), headers), sink);
    }
}
