package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.Optional;

/** The rows of one execution, read one at a time; a step reads at most a small constant number of them. */
public interface Rows {

    /** The execution itself; absent before its start and after its retention. */
    Optional<ExecutionRow> execution();

    /** The execution's input, which is written once. */
    Optional<Document> input();

    Optional<FrameRow> frame(FramePath path);

    /** The raw input of the state of a frame whose children run: in a row of its own, because the frame is written for each of them. */
    Optional<Document> stateInput(FramePath path);

    /** What waits under this ticket; absent once nothing does. */
    Optional<WaitRow> waiting(long ticket);

    /** A page of items of a Map run, a JSON array. */
    Optional<Document> page(long run, int number);

    /** The verdict that the command with this request id got, if it was answered before. */
    Optional<Verdict> answered(String requestId);
}
