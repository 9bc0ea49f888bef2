package io.stepstream.asl.execution;

/**
 * How far a Map run is. Items wait in pages, which are rows of their own; children are numbered in the order of their items.
 *
 * @param firstPage the first page that holds items not yet given to a child
 * @param offset how many items of that page have been
 * @param pages how many pages there have been; those from {@code firstPage} on are there
 * @param read how many items there have been in all of them
 * @param taken how many of those have been given to children
 * @param complete whether there are no more items to come
 * @param started how many children have been started
 * @param succeeded how many of those succeeded; {@code failed}, {@code timedOut} and {@code aborted} likewise
 * @param written how many of their results have been handed to the result writer and acknowledged
 * @param writing how many will have been once its outstanding answer comes
 * @param parts how many parts it has been given
 * @param redrive how far its last redrive is
 * @param items how many items were given to the children that have told how they ended
 */
public record MapProgress(
        int firstPage,
        int offset,
        int pages,
        long read,
        long taken,
        boolean complete,
        int started,
        int succeeded,
        int failed,
        int timedOut,
        int aborted,
        int written,
        int writing,
        int parts,
        Redrive redrive,
        Items items) {

    static final MapProgress NONE =
            new MapProgress(0, 0, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0, 0, Redrive.NONE, Items.NONE);

    /**
     * Of a redrive.
     *
     * @param left how many children that had not ended well are to be told to go on; they are counted nowhere else
     * @param next the first child not looked at yet for that
     * @param refused how many of those that were told cannot go on; they are counted as failed too
     */
    public record Redrive(int left, int next, int refused) {
        static final Redrive NONE = new Redrive(0, 0, 0);
    }

    /** Items of children, by how those ended. What was given to one that was cancelled, nobody has told. */
    public record Items(long succeeded, long failed, long timedOut, long aborted) {
        static final Items NONE = new Items(0, 0, 0, 0);

        private Items and(ExecutionStatus how, int more) {
            return switch (how) {
                case SUCCEEDED -> new Items(succeeded + more, failed, timedOut, aborted);
                case FAILED -> new Items(succeeded, failed + more, timedOut, aborted);
                case TIMED_OUT -> new Items(succeeded, failed, timedOut + more, aborted);
                case ABORTED -> new Items(succeeded, failed, timedOut, aborted + more);
                case RUNNING -> throw new IllegalStateException("what has ended does not run");
            };
        }
    }

    /** Children that have not ended. */
    public int running() {
        return started - succeeded - failures() - redrive.left();
    }

    /** Children that did not end well. */
    public int failures() {
        return failed + timedOut + aborted;
    }

    /** Whether there is an item that no child has been given. */
    boolean hasItems() {
        return firstPage < pages;
    }

    /** Whether every item there is has its child. */
    boolean allStarted() {
        return complete && !hasItems();
    }

    /** More pages, with so many items. */
    MapProgress with(int morePages, int moreItems, boolean last) {
        return new MapProgress(
                firstPage,
                offset,
                pages + morePages,
                read + moreItems,
                taken,
                last,
                started,
                succeeded,
                failed,
                timedOut,
                aborted,
                written,
                writing,
                parts,
                redrive,
                items);
    }

    /** One more child, with the items up to this place. */
    MapProgress startedUpTo(int page, int item, int more) {
        return new MapProgress(
                page,
                item,
                pages,
                read,
                taken + more,
                complete,
                started + 1,
                succeeded,
                failed,
                timedOut,
                aborted,
                written,
                writing,
                parts,
                redrive,
                items);
    }

    /** One child less that runs, to which so many items were given. */
    public MapProgress ended(ExecutionStatus how, int given) {
        return with(items.and(how, given)).ended(how);
    }

    private MapProgress with(Items counts) {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, written,
                writing, parts, redrive, counts);
    }

    /** One child less that runs, of whose items nothing is known. */
    MapProgress ended(ExecutionStatus how) {
        return switch (how) {
            case SUCCEEDED -> counted(succeeded + 1, failed, timedOut, aborted);
            case FAILED -> counted(succeeded, failed + 1, timedOut, aborted);
            case TIMED_OUT -> counted(succeeded, failed, timedOut + 1, aborted);
            case ABORTED -> counted(succeeded, failed, timedOut, aborted + 1);
            case RUNNING -> throw new IllegalStateException("what has ended does not run");
        };
    }

    private MapProgress counted(int nowSucceeded, int nowFailed, int nowTimedOut, int nowAborted) {
        return new MapProgress(
                firstPage,
                offset,
                pages,
                read,
                taken,
                complete,
                started,
                nowSucceeded,
                nowFailed,
                nowTimedOut,
                nowAborted,
                written,
                writing,
                parts,
                redrive,
                items);
    }

    /** One more part is with the result writer, with the results before this child's. */
    MapProgress writingUpTo(int child) {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, written,
                child, parts + 1, redrive, items);
    }

    /** One more page of items that have no child is with the result writer, after all results. */
    MapProgress writingPage() {
        return writingUpTo(written + 1);
    }

    /** The page of items without a child that is written next, once all results are. */
    int nextPendingPage() {
        return firstPage + written - started;
    }

    /** The outstanding part is written. */
    MapProgress partWritten() {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, writing,
                writing, parts, redrive, items);
    }

    /** Nothing that has been written counts: it is looked through again. */
    MapProgress unwritten() {
        return writtenUpTo(0);
    }

    /** The outstanding part will not be acknowledged. */
    MapProgress withoutOutstanding() {
        return writtenUpTo(Math.min(written, started));
    }

    private MapProgress writtenUpTo(int child) {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, child,
                child, parts, redrive, items);
    }

    /** All children that did not end well are to be told to go on. */
    MapProgress redriven() {
        return redriving(new Redrive(failures() + redrive.left(), written, 0))
                .counted(succeeded, 0, 0, 0)
                .with(new Items(items.succeeded(), 0, 0, 0));
    }

    private MapProgress redriving(Redrive next) {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, written,
                writing, parts, next, items);
    }

    /** The next child is not to be told. */
    MapProgress passed() {
        return redriving(new Redrive(redrive.left(), redrive.next() + 1, redrive.refused()));
    }

    /** The next child has been told to go on, and counts as running. */
    MapProgress told() {
        return redriving(new Redrive(redrive.left() - 1, redrive.next() + 1, redrive.refused()));
    }

    /** A child that was told cannot go on: it has failed for good. */
    MapProgress refused() {
        return redriving(new Redrive(redrive.left(), redrive.next(), redrive.refused() + 1))
                .ended(ExecutionStatus.FAILED);
    }

    /** Those left could not be told, because their results are written: how they ended stays. */
    MapProgress allTold() {
        return redriving(new Redrive(0, redrive.next(), redrive.refused()))
                .counted(succeeded, failed, timedOut, aborted + redrive.left());
    }

    /** A child that was given up has ended well before it heard of that. */
    MapProgress recovered(int child, int given) {
        var waits = redrive.left() > 0 && child >= redrive.next();
        var next = waits
                ? redriving(new Redrive(redrive.left() - 1, redrive.next(), redrive.refused()))
                        .counted(succeeded + 1, failed, timedOut, aborted)
                : counted(succeeded + 1, failed, timedOut, aborted - 1);
        return next.with(items.and(ExecutionStatus.SUCCEEDED, given));
    }
}
