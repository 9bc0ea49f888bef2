package io.stepstream.audit.show;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An execution after one of its steps, as an auditor may see it: secrets are hidden, and what cannot be read is marked.
 *
 * @param started when it was started; absent if that is gone from the log
 * @param startedBy ARN of the execution that started it
 * @param place after which step this is
 * @param status RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED
 * @param input absent if the record of the start is gone from the log
 * @param end how it ended
 * @param deadline when it times out as a whole
 * @param frames the root frame; none of an execution that has ended, or whose steps could not be run again
 * @param inStates where the frames are not known, the states that were entered and not left
 * @param tasks all tasks that are waited for
 * @param notes what to know about how this was found out
 */
public record Snapshot(
        String executionArn,
        String stateMachineArn,
        String revision,
        Optional<Instant> started,
        Optional<String> startedBy,
        Place place,
        String status,
        Optional<JsonNode> input,
        Optional<End> end,
        Optional<Instant> deadline,
        Optional<Frame> frames,
        List<String> inStates,
        List<Task> tasks,
        List<String> notes) {

    public Snapshot {
        inStates = List.copyOf(inStates);
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
    }

    /**
     * A place in the history.
     *
     * @param step number of the step
     * @param event id of the last history event so far
     * @param at time of the step
     * @param command what the step was for, as the record's schema names it
     */
    public record Place(long step, long event, Instant at, String command) {}

    /** How an execution ended. */
    public record End(Instant at, Optional<JsonNode> output, Optional<String> error, Optional<String> cause) {}

    /**
     * A cursor.
     *
     * @param phase what it is doing, in a word
     * @param entered when it entered its state; absent before
     * @param data the raw input of the state; while children run, from its row of its own
     * @param retries how often each retrier of the state has been used
     * @param item of a Map iteration, its item
     * @param waitsFor what it waits for
     * @param children those of its children that there are, the first of them
     * @param moreChildren how many more there are
     */
    public record Frame(
            String path,
            String state,
            String phase,
            Optional<Instant> entered,
            JsonNode data,
            Map<String, JsonNode> variables,
            List<Integer> retries,
            Optional<JsonNode> item,
            Optional<Wait> waitsFor,
            List<Frame> children,
            int moreChildren) {}

    /** What a frame waits for. */
    public sealed interface Wait {

        /** A task, by its ticket among the tasks. */
        record ForTask(long ticket) implements Wait {}

        /** A time. */
        record Until(long ticket, Instant due) implements Wait {}

        /** Children, so many of whom have been created and have ended. */
        record ForChildren(int total, int started, int ended) implements Wait {}

        /** The children of a Map run. */
        record ForMapRun(long ticket, MapRun run) implements Wait {}
    }

    /** A Map run and how far it is. */
    public record MapRun(
            String arn,
            String stage,
            long items,
            int started,
            int running,
            int succeeded,
            int failed,
            int timedOut,
            int aborted) {}

    /**
     * A task that is waited for.
     *
     * @param name where its request went; empty of a task that another execution does
     * @param input what the worker got
     * @param requested when
     * @param started whether a worker has it; absent if that is not known
     * @param timeout when its time is up
     * @param heartbeat when it must next be heard of
     * @param child the execution that does it
     */
    public record Task(
            long ticket,
            String path,
            String state,
            String name,
            JsonNode input,
            Instant requested,
            Optional<Boolean> started,
            Optional<Instant> timeout,
            Optional<Instant> heartbeat,
            Optional<Child> child) {}

    /** An execution that does a task; confirmed once it is known to have started. */
    public record Child(String executionArn, boolean confirmed) {}
}
