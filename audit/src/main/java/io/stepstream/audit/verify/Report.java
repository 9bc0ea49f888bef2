package io.stepstream.audit.verify;

import io.stepstream.audit.replay.Replayed.Obstacle;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has found.
 *
 * @param source what was verified
 * @param records history records read
 * @param run steps run again and compared
 * @param executions executions seen
 * @param byChainOnly records that were checked by their chain only, by why
 * @param beginningsGone executions whose first records are gone by the topic's retention
 * @param redacted records whose tokens are left out
 * @param statuses statuses compared with the steps that made them known
 * @param statusesUnchecked statuses that were not, their steps not being run or newer than what was read
 * @param checkpoints checkpoints that the history agrees with
 * @param vouched what checkpoints vouch for
 * @param differenceCount how many differences there are
 * @param differences the first of them, of each partition
 */
public record Report(
        String source,
        long records,
        long run,
        long executions,
        Map<Obstacle, Long> byChainOnly,
        long beginningsGone,
        long redacted,
        long statuses,
        long statusesUnchecked,
        int checkpoints,
        Optional<List<Vouched>> vouched,
        long differenceCount,
        List<Difference> differences) {

    /**
     * How far the checkpoints of a partition vouch for it.
     *
     * @param upTo records before this offset
     * @param end one past the last record that was read: what is between is protected against accident only
     */
    public record Vouched(int partition, long upTo, long end) {}

    /** Whether everything is as it must be. */
    public boolean isClean() {
        return differenceCount == 0;
    }
}
