package io.stepstream.orchestrator.rows;

import io.stepstream.orchestrator.rows.avro.HeldExecution;
import io.stepstream.orchestrator.rows.avro.KeptRecord;
import io.stepstream.orchestrator.rows.avro.LimitMark;
import io.stepstream.orchestrator.rows.avro.LimitRow;
import io.stepstream.orchestrator.rows.avro.PauseMark;
import io.stepstream.orchestrator.rows.avro.PurgeMark;
import io.stepstream.orchestrator.rows.avro.QueuedTurn;
import io.stepstream.orchestrator.rows.avro.TaskNameMark;
import io.stepstream.orchestrator.rows.avro.TaskNameSpread;
import io.stepstream.orchestrator.rows.avro.TurnRow;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.StateMachineResource;

/** Rows that are no part of an execution, as bytes and back; each is stored as its Avro record is. */
public final class OtherRows {
    private static final RowReader<StateMachineResource> STATE_MACHINE_RESOURCE =
            new RowReader<>(StateMachineResource.class, StateMachineResource.getDecoder());
    private static final RowReader<ActivityResource> ACTIVITY_RESOURCE =
            new RowReader<>(ActivityResource.class, ActivityResource.getDecoder());
    private static final RowReader<PurgeMark> PURGE_MARK = new RowReader<>(PurgeMark.class, PurgeMark.getDecoder());
    private static final RowReader<KeptRecord> KEPT_RECORD = new RowReader<>(KeptRecord.class, KeptRecord.getDecoder());
    private static final RowReader<PauseMark> PAUSE_MARK = new RowReader<>(PauseMark.class, PauseMark.getDecoder());
    private static final RowReader<HeldExecution> HELD_EXECUTION =
            new RowReader<>(HeldExecution.class, HeldExecution.getDecoder());
    private static final RowReader<TaskNameSpread> TASK_NAME_SPREAD =
            new RowReader<>(TaskNameSpread.class, TaskNameSpread.getDecoder());
    private static final RowReader<LimitMark> LIMIT_MARK = new RowReader<>(LimitMark.class, LimitMark.getDecoder());
    private static final RowReader<LimitRow> LIMIT_ROW = new RowReader<>(LimitRow.class, LimitRow.getDecoder());
    private static final RowReader<QueuedTurn> QUEUED_TURN = new RowReader<>(QueuedTurn.class, QueuedTurn.getDecoder());
    private static final RowReader<TurnRow> TURN_ROW = new RowReader<>(TurnRow.class, TurnRow.getDecoder());

    private OtherRows() {}

    /** A state machine's row is what the topic of definitions tells of it. */
    public static byte[] encode(StateMachineResource row) {
        return RowCodec.bytes(StateMachineResource.getEncoder(), row);
    }

    public static StateMachineResource stateMachine(byte[] bytes) {
        return STATE_MACHINE_RESOURCE.read(bytes);
    }

    /** An activity's row, likewise. */
    public static byte[] encode(ActivityResource row) {
        return RowCodec.bytes(ActivityResource.getEncoder(), row);
    }

    public static ActivityResource activity(byte[] bytes) {
        return ACTIVITY_RESOURCE.read(bytes);
    }

    public static byte[] encode(PurgeMark row) {
        return RowCodec.bytes(PurgeMark.getEncoder(), row);
    }

    public static PurgeMark purgeMark(byte[] bytes) {
        return PURGE_MARK.read(bytes);
    }

    public static byte[] encode(KeptRecord row) {
        return RowCodec.bytes(KeptRecord.getEncoder(), row);
    }

    public static KeptRecord kept(byte[] bytes) {
        return KEPT_RECORD.read(bytes);
    }

    public static byte[] encode(PauseMark row) {
        return RowCodec.bytes(PauseMark.getEncoder(), row);
    }

    public static PauseMark pauseMark(byte[] bytes) {
        return PAUSE_MARK.read(bytes);
    }

    public static byte[] encode(HeldExecution row) {
        return RowCodec.bytes(HeldExecution.getEncoder(), row);
    }

    public static HeldExecution held(byte[] bytes) {
        return HELD_EXECUTION.read(bytes);
    }

    public static byte[] encode(TaskNameMark row) {
        return RowCodec.bytes(TaskNameMark.getEncoder(), row);
    }

    public static byte[] encode(TaskNameSpread row) {
        return RowCodec.bytes(TaskNameSpread.getEncoder(), row);
    }

    public static TaskNameSpread taskNameSpread(byte[] bytes) {
        return TASK_NAME_SPREAD.read(bytes);
    }

    public static byte[] encode(LimitMark row) {
        return RowCodec.bytes(LimitMark.getEncoder(), row);
    }

    public static LimitMark limitMark(byte[] bytes) {
        return LIMIT_MARK.read(bytes);
    }

    public static byte[] encode(LimitRow row) {
        return RowCodec.bytes(LimitRow.getEncoder(), row);
    }

    public static LimitRow limit(byte[] bytes) {
        return LIMIT_ROW.read(bytes);
    }

    public static byte[] encode(QueuedTurn row) {
        return RowCodec.bytes(QueuedTurn.getEncoder(), row);
    }

    public static QueuedTurn queuedTurn(byte[] bytes) {
        return QUEUED_TURN.read(bytes);
    }

    public static byte[] encode(TurnRow row) {
        return RowCodec.bytes(TurnRow.getEncoder(), row);
    }

    public static TurnRow turn(byte[] bytes) {
        return TURN_ROW.read(bytes);
    }
}
