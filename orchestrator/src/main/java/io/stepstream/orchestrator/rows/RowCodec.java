package io.stepstream.orchestrator.rows;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.rows.avro.Answered;
import io.stepstream.orchestrator.rows.avro.ClosingAs;
import io.stepstream.orchestrator.rows.avro.Data;
import io.stepstream.orchestrator.rows.avro.End;
import io.stepstream.orchestrator.rows.avro.ExecutionRecord;
import io.stepstream.orchestrator.rows.avro.Frame;
import io.stepstream.orchestrator.rows.avro.PausedSince;
import io.stepstream.orchestrator.rows.avro.StartedFor;
import io.stepstream.orchestrator.rows.avro.Trace;
import io.stepstream.orchestrator.rows.avro.TurnOfExecution;
import io.stepstream.orchestrator.rows.avro.Wait;
import io.stepstream.schemas.TrustedRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.message.BinaryMessageEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes and back. Rows are Avro in its single-object encoding: they name their schema by its fingerprint, so that a
 * later version reads an earlier one's rows, and no registry is needed to read one's own store.
 */
public final class RowCodec {

    static {
        TrustedRecords.trust();
    }

    private static final RowReader<ExecutionRecord> EXECUTION_RECORD =
            new RowReader<>(ExecutionRecord.class, ExecutionRecord.getDecoder());
    private static final RowReader<Data> DATA = new RowReader<>(Data.class, Data.getDecoder());
    private static final RowReader<Frame> FRAME = new RowReader<>(Frame.class, Frame.getDecoder());
    private static final RowReader<Wait> WAIT = new RowReader<>(Wait.class, Wait.getDecoder());
    private static final RowReader<Answered> ANSWERED = new RowReader<>(Answered.class, Answered.getDecoder());

    private RowCodec() {}

    public static byte[] encode(PackedExecution packed) {
        var row = packed.execution();
        var identity = row.identity();
        return bytes(
                ExecutionRecord.getEncoder(),
                new ExecutionRecord(
                        identity.arn(),
                        identity.name(),
                        identity.stateMachineArn(),
                        identity.stateMachineName(),
                        identity.roleArn(),
                        identity.revision(),
                        identity.kind().name(),
                        identity.version().map(ExecutionIdentity.Version::arn).orElse(null),
                        identity.version()
                                .flatMap(ExecutionIdentity.Version::aliasArn)
                                .orElse(null),
                        row.inputHash(),
                        row.started(),
                        row.nextTicket(),
                        row.nextEventId(),
                        row.agenda().stream().map(WorkCodec::stored).toList(),
                        boxed(row.continuing()),
                        boxed(row.deadline()),
                        row.closing().map(RowCodec::closing).orElse(null),
                        row.ended()
                                .map(end -> new End(end.status().name(), end.at()))
                                .orElse(null),
                        packed.root().map(RowCodec::frame).orElse(null),
                        packed.rootWait().map(WaitCodec::stored).orElse(null),
                        packed.chain().step(),
                        bytes(packed.chain().hash()),
                        packed.chain().at(),
                        row.redrives().count(),
                        row.redrives().last().orElse(null),
                        row.parent().map(RowCodec::startedFor).orElse(null),
                        packed.input().map(RowCodec::data).orElse(null),
                        row.paused()
                                .map(paused -> new PausedSince(paused.since(), paused.by()))
                                .orElse(null),
                        boxed(row.awaitingResume()),
                        row.turn()
                                .map(turn -> new TurnOfExecution(turn.ticket(), turn.come()))
                                .orElse(null),
                        packed.trace().map(RowCodec::trace).orElse(null)));
    }

    public static PackedExecution execution(byte[] bytes) {
        var stored = EXECUTION_RECORD.read(bytes);
        var row = new ExecutionRow(
                new ExecutionIdentity(
                        stored.getArn(),
                        stored.getName(),
                        stored.getStateMachineArn(),
                        stored.getStateMachineName(),
                        stored.getRoleArn(),
                        stored.getRevision(),
                        ExecutionIdentity.Kind.valueOf(stored.getKind()),
                        Optional.ofNullable(stored.getVersionArn())
                                .map(arn ->
                                        new ExecutionIdentity.Version(arn, Optional.ofNullable(stored.getAliasArn())))),
                stored.getInputHash(),
                stored.getStarted(),
                stored.getNextTicket(),
                stored.getNextEventId(),
                stored.getAgenda().stream().map(WorkCodec::work).toList(),
                unboxed(stored.getContinuing()),
                unboxed(stored.getDeadline()),
                optional(stored.getClosing(), RowCodec::closing),
                optional(
                        stored.getEnded(),
                        end -> new ExecutionRow.Ended(ExecutionStatus.valueOf(end.getStatus()), end.getAt())),
                optional(stored.getParent(), RowCodec::parent),
                new ExecutionRow.Redrives(stored.getRedrives(), Optional.ofNullable(stored.getRedrivenAt())),
                optional(stored.getPaused(), paused -> new ExecutionRow.Paused(paused.getAt(), paused.getBy())),
                unboxed(stored.getAwaitingResume()),
                optional(stored.getTurn(), turn -> new ExecutionRow.Turn(turn.getTicket(), turn.getCome())));
        return new PackedExecution(
                row,
                optional(stored.getRoot(), RowCodec::frame),
                optional(stored.getRootWait(), WaitCodec::row),
                new Chain(stored.getStep(), hex(stored.getLastHash()), stored.getLastStepAt()),
                optional(stored.getInput(), RowCodec::document),
                optional(stored.getTrace(), RowCodec::trace));
    }

    private static Trace trace(ExecutionTrace trace) {
        return new Trace(bytes(trace.id()), bytes(trace.parent().orElse("")), trace.sampled(), trace.state());
    }

    private static ExecutionTrace trace(Trace stored) {
        return new ExecutionTrace(
                hex(stored.getId()),
                Optional.of(hex(stored.getParent())).filter(id -> !id.isEmpty()),
                stored.getSampled(),
                stored.getState());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static StartedFor startedFor(Parent parent) {
        return new StartedFor(
                parent.executionArn(),
                parent.ticket(),
                parent.binding(),
                parent.interest().name(),
                parent.item().map(Parent.MapItem::state).orElse(null),
                parent.item().map(Parent.MapItem::index).orElse(-1),
                parent.item().map(Parent.MapItem::runArn).orElse(""),
                parent.item().map(Parent.MapItem::items).orElse(0));
    }

    private static Parent parent(StartedFor stored) {
        return new Parent(
                stored.getExecutionArn(),
                stored.getTicket(),
                stored.getBinding(),
                Parent.Interest.valueOf(stored.getInterest()),
                optional(
                        stored.getMapState(),
                        state -> new Parent.MapItem(
                                state, stored.getIndex(), stored.getMapRunArn(), stored.getItems(), Optional.empty())));
    }

    public static byte[] encode(Document document) {
        return bytes(Data.getEncoder(), data(document));
    }

    public static Document document(byte[] bytes) {
        return document(DATA.read(bytes));
    }

    public static byte[] encode(FrameRow row) {
        return bytes(Frame.getEncoder(), frame(row));
    }

    public static FrameRow frame(byte[] bytes) {
        return frame(FRAME.read(bytes));
    }

    public static byte[] encode(WaitRow row) {
        return bytes(Wait.getEncoder(), WaitCodec.stored(row));
    }

    public static WaitRow waiting(byte[] bytes) {
        return WaitCodec.row(WAIT.read(bytes));
    }

    public static byte[] encode(Verdict verdict) {
        var stored = switch (verdict) {
            case Verdict.Accepted(var at) -> new Answered(at, null, "");
            case Verdict.Refused(var reason, var message) -> new Answered(null, reason.name(), message);
        };
        return bytes(Answered.getEncoder(), stored);
    }

    public static Verdict verdict(byte[] bytes) {
        var stored = ANSWERED.read(bytes);
        return stored.getRefusal() == null
                ? new Verdict.Accepted(stored.getAt())
                : new Verdict.Refused(Verdict.Refusal.valueOf(stored.getRefusal()), stored.getMessage());
    }

    private static ClosingAs closing(Outcome outcome) {
        var status = outcome.status().name();
        return switch (outcome) {
            case Outcome.Succeeded _ ->
                throw new IllegalStateException("an execution does not abort its way to success");
            case Outcome.Failed(var error, var cause) -> new ClosingAs(status, error.orElse(null), cause.orElse(null));
            case Outcome.TimedOut() -> new ClosingAs(status, null, null);
            case Outcome.Aborted(var error, var cause) -> new ClosingAs(status, error.orElse(null), cause.orElse(null));
        };
    }

    private static Outcome closing(ClosingAs stored) {
        var error = Optional.ofNullable(stored.getError());
        var cause = Optional.ofNullable(stored.getCause());
        return switch (ExecutionStatus.valueOf(stored.getStatus())) {
            case FAILED -> new Outcome.Failed(error, cause);
            case TIMED_OUT -> new Outcome.TimedOut();
            case ABORTED -> new Outcome.Aborted(error, cause);
            case RUNNING, SUCCEEDED -> throw unknown(stored);
        };
    }

    private static Frame frame(FrameRow row) {
        return new Frame(
                row.path().text(),
                row.state(),
                data(row.data()),
                row.variables().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> data(entry.getValue()))),
                PhaseCodec.stored(row.phase()),
                row.previousEventId(),
                row.enteredEventId(),
                row.entered(),
                row.retries(),
                row.item().map(RowCodec::data).orElse(null));
    }

    private static FrameRow frame(Frame stored) {
        return new FrameRow(
                new FramePath(stored.getPath()),
                stored.getState(),
                document(stored.getData()),
                stored.getVariables().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> document(entry.getValue()))),
                PhaseCodec.phase(stored.getPhase()),
                stored.getPreviousEventId(),
                stored.getEnteredEventId(),
                stored.getEntered(),
                stored.getRetries(),
                optional(stored.getItem(), RowCodec::document));
    }

    static Data data(Document document) {
        return new Data(document.text());
    }

    static Document document(Data stored) {
        if (stored.getContent() instanceof String text) {
            return Document.ofTrusted(text);
        }
        throw new IllegalStateException(
                "a stored payload is sealed, and this version has no keys: run the version that wrote it");
    }

    static <T> byte[] bytes(BinaryMessageEncoder<T> encoder, T datum) {
        try {
            return encoder.encode(datum).array();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode a row", e);
        }
    }

    static <A, B> Optional<B> optional(@Nullable A value, Function<A, B> mapping) {
        return Optional.ofNullable(value).map(mapping);
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static OptionalLong unboxed(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static String hex(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static IllegalStateException unknown(Object stored) {
        return new IllegalStateException("a row of a kind that this version does not know: " + stored.getClass());
    }
}
