package io.stepstream.orchestrator.rows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Bytes;

/**
 * Where each row is in the stores. Every key begins with the 16 bytes that its execution's id (or its resource's) is the hexadecimal form of: the rows of
 * one execution lie together, so that one block of RocksDB and one prefix holds them, and executions spread evenly.
 *
 * <p>Rows: id, a letter for the kind, then what tells rows of a kind apart. Numbers are big-endian, so that bytes sort as
 * numbers do. Timers: due time first, since they are read in the order of time; all rows are found by get, never by scan.
 */
public final class RowKeys {

    private static final int ID_BYTES = 16;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final char EXECUTION = 'E';
    private static final char INPUT = 'I';
    private static final char FRAME = 'F';
    private static final char STATE_INPUT = 'D';
    private static final char WAIT = 'W';
    private static final char PAGE = 'G';
    private static final char POSTPONED = 'P';
    private static final char PURGED = 'X';
    /** Stands where an id does: limits are found without knowing of which key there are any. No SHA-256 is likely to begin so. */
    private static final String ALL_LIMITS = "0".repeat(2 * ID_BYTES);

    private static final int TIMER_BYTES = Long.BYTES + ID_BYTES + Long.BYTES;

    private RowKeys() {}

    /** The packed execution: one record, rewritten by every step. */
    public static Bytes execution(String id) {
        return key(id, EXECUTION, new byte[0]);
    }

    /** The execution's input: a record of its own, because it is written once and may be large. */
    public static Bytes input(String id) {
        return key(id, INPUT, new byte[0]);
    }

    /** A child frame, by its path. */
    public static Bytes frame(String id, String path) {
        return key(id, FRAME, path.getBytes(StandardCharsets.UTF_8));
    }

    /** The input of the state of a frame whose children run, by the frame's path; the root's too. */
    public static Bytes stateInput(String id, String path) {
        return key(id, STATE_INPUT, path.getBytes(StandardCharsets.UTF_8));
    }

    /** A wait that is not the root frame's, by its ticket: tokens name tickets, not paths. */
    public static Bytes waiting(String id, long ticket) {
        return key(id, WAIT, number(ticket));
    }

    /** A page of items of a Map run, by the run's ticket and the page's number. */
    public static Bytes page(String id, long run, int number) {
        return key(
                id,
                PAGE,
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(run)
                        .putInt(number)
                        .array());
    }

    /** The verdict given to a request id. */
    public static Bytes answered(String id, String requestId) {
        return key(id, 'A', requestId.getBytes(StandardCharsets.UTF_8));
    }

    /** A command that waits for its definition or its task topics, by its offset in the commands topic. */
    public static Bytes postponed(String id, long offset) {
        return key(id, POSTPONED, number(offset));
    }

    /** What the keys of all {@link #postponed} of an execution or a resource begin with. */
    public static Bytes allPostponed(String id) {
        return key(id, POSTPONED, new byte[0]);
    }

    /** What tells the command of a key of {@link #postponed} apart: its offset. */
    public static long postponedOffset(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(ID_BYTES + 1);
    }

    /** That this partition knows a task name; its id is made from {@link io.stepstream.schemas.LimitKeys#task}. */
    public static Bytes taskName(String nameId) {
        return key(nameId, 'N', new byte[0]);
    }

    /** How far the name of an activity has spread. */
    public static Bytes taskNameSpread(String activityId) {
        return key(activityId, 'U', new byte[0]);
    }

    /** A state machine; its id is made from its ARN as an execution's is. */
    public static Bytes resource(String id) {
        return key(id, 'R', new byte[0]);
    }

    /** What is known of the pauses of a state machine. */
    public static Bytes pauseMark(String machineId) {
        return key(machineId, 'Z', new byte[0]);
    }

    /** An execution of this partition that waits for its state machine's pause to end. */
    public static Bytes held(String machineId, String executionId) {
        return key(machineId, 'H', HexFormat.of().parseHex(executionId));
    }

    /** What the keys of all executions begin with that wait for this state machine's pause to end. */
    public static Bytes allHeld(String machineId) {
        return key(machineId, 'H', new byte[0]);
    }

    /** Behind all of {@link #allHeld}. */
    public static Bytes behindHeld(String machineId) {
        return key(machineId, (char) ('H' + 1), new byte[0]);
    }

    /** The execution that a key of {@link #held} is of. */
    public static String heldExecution(Bytes key) {
        return HexFormat.of().formatHex(key.get(), ID_BYTES + 1, 2 * ID_BYTES + 1);
    }

    /** That this partition has heard of a limit. */
    public static Bytes limitMark(String limitId) {
        return key(ALL_LIMITS, 'M', HexFormat.of().parseHex(limitId));
    }

    /** What the keys of all {@link #limitMark}s begin with. */
    public static Bytes allLimitMarks() {
        return key(ALL_LIMITS, 'M', new byte[0]);
    }

    /** A limit whose home is this partition. */
    public static Bytes limit(String limitId) {
        return key(ALL_LIMITS, 'L', HexFormat.of().parseHex(limitId));
    }

    /** What the keys of all {@link #limit}s begin with. */
    public static Bytes allLimits() {
        return key(ALL_LIMITS, 'L', new byte[0]);
    }

    /** A place in the queue of a limit. */
    public static Bytes queued(String limitId, long place) {
        return key(limitId, 'Q', number(place));
    }

    /** The place that a key of {@link #queued} is of. */
    public static long place(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(ID_BYTES + 1);
    }

    /** One that has asked a limit. */
    public static Bytes turn(String limitId, String executionId, long ticket) {
        return key(
                limitId,
                'T',
                ByteBuffer.allocate(ID_BYTES + Long.BYTES)
                        .put(HexFormat.of().parseHex(executionId))
                        .putLong(ticket)
                        .array());
    }

    /** What the keys of all {@link #turn}s of an execution begin with. */
    public static Bytes turnsOf(String limitId, String executionId) {
        return key(limitId, 'T', HexFormat.of().parseHex(executionId));
    }

    /** The mark that an execution was purged. */
    public static Bytes purged(String id) {
        return key(id, PURGED, new byte[0]);
    }

    /** Whether a row may be deleted by a purge: what it leaves is the packed execution, its mark, and commands that wait. */
    public static boolean isPurgeable(Bytes key) {
        var kind = (char) key.get()[ID_BYTES];
        return kind != EXECUTION && kind != PURGED && kind != POSTPONED;
    }

    /** Whether a row of an execution that has ended is there for a redrive only: its input, frames, waits and items. */
    public static boolean isForARedrive(Bytes key) {
        return switch ((char) key.get()[ID_BYTES]) {
            case INPUT, FRAME, STATE_INPUT, WAIT, PAGE -> true;
            default -> false;
        };
    }

    /** What the keys of all rows of this execution begin with. */
    public static Bytes all(String id) {
        return Bytes.wrap(HexFormat.of().parseHex(id));
    }

    /** An execution's data key, in a store of its own. */
    public static Bytes dataKey(String id) {
        return Bytes.wrap(HexFormat.of().parseHex(id));
    }

    /** Whether a text is the id of an execution or a resource. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** A timer: (due, id, ticket). Times before 1970 sort as 1970. */
    public static Bytes timer(TimerKey timer) {
        return Bytes.wrap(ByteBuffer.allocate(TIMER_BYTES)
                .putLong(Math.max(0, timer.dueMillis()))
                .put(HexFormat.of().parseHex(timer.id()))
                .putLong(timer.ticket())
                .array());
    }

    /** The first key that a timer due at this time can have. */
    public static Bytes timersFrom(long dueMillis) {
        return Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES).putLong(Math.max(0, dueMillis)).array());
    }

    /** The timer that a key is of. */
    public static TimerKey timer(Bytes key) {
        var buffer = ByteBuffer.wrap(key.get());
        var due = buffer.getLong();
        var id = new byte[ID_BYTES];
        buffer.get(id);
        return new TimerKey(due, HexFormat.of().formatHex(id), buffer.getLong());
    }

    /**
     * What a timer is found by.
     *
     * @param dueMillis when it is due, epoch milliseconds
     * @param id the execution's or resource's id
     * @param ticket the wait's ticket; of a postponed command, its offset
     */
    public record TimerKey(long dueMillis, String id, long ticket) {}

    /** A place in the queue of parked records. */
    public static Bytes parked(long sequence) {
        return Bytes.wrap(number(sequence));
    }

    /** The place in the queue that a key is of. */
    public static long parked(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong();
    }

    private static Bytes key(String id, char kind, byte[] rest) {
        return Bytes.wrap(ByteBuffer.allocate(ID_BYTES + 1 + rest.length)
                .put(HexFormat.of().parseHex(id))
                .put((byte) kind)
                .put(rest)
                .array());
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
