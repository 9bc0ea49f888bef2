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
        int parts) {

    static final MapProgress NONE = new MapProgress(0, 0, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Children that have not ended. */
    public int running() {
        return started - succeeded - failures();
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
                parts);
    }

    /** One more child, with the items up to this place. */
    MapProgress startedUpTo(int page, int item, int items) {
        return new MapProgress(
                page,
                item,
                pages,
                read,
                taken + items,
                complete,
                started + 1,
                succeeded,
                failed,
                timedOut,
                aborted,
                written,
                writing,
                parts);
    }

    /** The items of the first page will have no child. */
    MapProgress pastPage() {
        return new MapProgress(
                firstPage + 1,
                0,
                pages,
                read,
                taken,
                complete,
                started,
                succeeded,
                failed,
                timedOut,
                aborted,
                written,
                writing,
                parts);
    }

    /** One child less that runs. */
    public MapProgress ended(ExecutionStatus how) {
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
                parts);
    }

    /** One more part is with the result writer, with the results before this child's. */
    MapProgress writingUpTo(int child) {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, written,
                child, parts + 1);
    }

    /** One more part, with what has no child, is with the result writer. */
    MapProgress writingMore() {
        return writingUpTo(writing);
    }

    /** The outstanding part is written. */
    MapProgress partWritten() {
        return new MapProgress(
                firstPage, offset, pages, read, taken, complete, started, succeeded, failed, timedOut, aborted, writing,
                writing, parts);
    }
}
