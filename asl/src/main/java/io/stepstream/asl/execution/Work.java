package io.stepstream.asl.execution;

/** One thing still to do inside an execution: what the interpreter's agenda consists of, and all it needs to go on later. */
public sealed interface Work {

    /** The frame this is about. */
    FramePath path();

    /**
     * Whether this begins something: enters a state, runs one again, or creates a child. Nothing of the kind is done while the execution or
     * its state machine is paused; putting together and taking apart what there is goes on.
     */
    default boolean isBeginning() {
        return switch (this) {
            case Run _, Wake _, Spawn _, Resume _, Redrive _, StartItems _, WriteResults _ -> true;
            case Join _, Abort _, CancelItems _ -> false;
        };
    }

    /** Run a ready or retrying frame until it waits or ends. */
    record Run(FramePath path) implements Work {}

    /** Go on behind a Wait state, or to another attempt: the time of the frame's timer has come. */
    record Wake(FramePath path) implements Work {}

    /** Create and run the children of a joining frame that are still to be created. */
    record Spawn(FramePath path) implements Work {}

    /**
     * Take the results of the children of a frame whose children have all ended. Results are gathered as in a tree, so that each is
     * copied only a few times: in a pass, every {@code stride}-th child's row holds the results of {@code stride} children, and
     * {@code fan} neighbours are put together in the row of the first; the next pass has a stride {@code fan} times as long.
     *
     * @param next index of the first child not yet put together in this pass
     */
    record Join(FramePath path, int fan, int stride, int next) implements Work {}

    /** Abort the children of a failing or aborting frame, from this index on; what is then to be done, the frame's phase says. */
    record Abort(FramePath path, int next) implements Work {}

    /**
     * Let the children of a frame go on that were halted, from this index on, then create those still to be created.
     *
     * @param because the history event that they follow from
     */
    record Resume(FramePath path, int next, long because) implements Work {}

    /** Redrive this execution, which a Map run has told to go on while it was still ending. */
    record Redrive() implements Work {
        @Override
        public FramePath path() {
            return FramePath.ROOT;
        }
    }

    /** Start the children of a Map run that can be started. */
    record StartItems(FramePath path) implements Work {}

    /** Cancel a Map run's children, from this index on; what is then to be done, the run's stage says. */
    record CancelItems(FramePath path, int next) implements Work {}

    /** Hand the next of a Map run's results to the writer. */
    record WriteResults(FramePath path) implements Work {}
}
