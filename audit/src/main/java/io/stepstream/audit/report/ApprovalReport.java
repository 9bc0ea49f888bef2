package io.stepstream.audit.report;

import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.schemas.MasterKeys;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The requests for a decision that a log tells of.
 *
 * @param source what was read
 * @param selection of which part
 * @param made when
 * @param approvals by when they ended, the open ones last
 * @param damaged how many records could not be read
 */
public record ApprovalReport(
        String source, HistorySelection selection, Instant made, List<Approval> approvals, long damaged) {

    public ApprovalReport {
        approvals = List.copyOf(approvals);
    }

    /**
     * Reads a log. Its times are of the end of a request; what was open at the end of the selection is told as open.
     *
     * @param opening what sealed comments and errors are opened with; they stay sealed if it is absent
     * @throws TooMuchToReport if there are more than a report holds
     */
    public static ApprovalReport read(
            LogSource log, Optional<MasterKeys> opening, HistorySelection selection, Instant now) {
        var scan = new HistoryScan(log, opening);
        var requests = new Requests(new CallbackStates(Revisions.read(log)));
        // Requests that ended in the time that is meant may have been made before.
        var read = new HistorySelection(Optional.empty(), selection.to(), selection.stateMachine());
        scan.runExecutionsSince(selection.from(), read, entry -> {
            requests.take(entry);
            return true;
        });
        var approvals = requests.approvals().stream()
                .filter(approval -> approval.ended().map(selection::includes).orElse(true))
                .sorted(Comparator.comparing(
                                (Approval approval) -> approval.ended().orElse(Instant.MAX))
                        .thenComparing(Approval::asked)
                        .thenComparing(Approval::executionArn))
                .toList();
        return new ApprovalReport(log.name(), selection, now, approvals, scan.damaged());
    }
}
