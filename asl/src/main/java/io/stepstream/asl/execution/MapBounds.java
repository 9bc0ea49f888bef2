package io.stepstream.asl.execution;

import java.util.Optional;

/**
 * What a Map run keeps to, evaluated when it began.
 *
 * @param maxConcurrency children that run at once, at most
 * @param toleratedCount how many children may fail
 * @param toleratedPercentage what part of the children may fail, of 100
 * @param maxItems items taken from the reader, at most; of a run with no reader or no bound, none
 * @param batchItems most items of a batch; without it and {@code batchBytes} there are no batches
 * @param batchBytes most bytes of a batch's items
 */
public record MapBounds(
        int maxConcurrency,
        Optional<Long> toleratedCount,
        Optional<Double> toleratedPercentage,
        Optional<Long> maxItems,
        Optional<Long> batchItems,
        Optional<Long> batchBytes) {

    boolean batches() {
        return batchItems.isPresent() || batchBytes.isPresent();
    }

    /** Whether more children have failed than may. A percentage can only be judged once all children are known. */
    boolean exceededBy(MapProgress progress) {
        var failures = progress.failures();
        if (toleratedCount.isEmpty() && toleratedPercentage.isEmpty()) {
            return failures > 0;
        }
        return toleratedCount.filter(count -> failures > count).isPresent()
                || toleratedPercentage
                        .filter(percentage -> progress.allStarted()
                                && failures > 0
                                && failures * 100.0 > percentage * progress.started())
                        .isPresent();
    }
}
