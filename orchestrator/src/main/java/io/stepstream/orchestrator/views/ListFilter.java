package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.ListedExecution;
import java.util.Optional;

/**
 * Which executions a list shows.
 *
 * @param owner id of the state machine's or the Map run's ARN
 * @param status by AWS's name
 * @param versionArn only those that run this version
 * @param aliasArn only those that were started by this alias
 * @param redrive whether they were redriven
 */
public record ListFilter(
        String owner,
        Optional<String> status,
        Optional<String> versionArn,
        Optional<String> aliasArn,
        Redrive redrive) {

    /** What is asked about redrives. */
    public enum Redrive {
        ANY,
        REDRIVEN,
        NOT_REDRIVEN
    }

    boolean shows(ListedExecution execution) {
        return status.filter(wanted -> !wanted.equals(execution.getStatus())).isEmpty()
                && versionArn
                        .filter(wanted -> !wanted.equals(execution.getVersionArn()))
                        .isEmpty()
                && aliasArn.filter(wanted -> !wanted.equals(execution.getAliasArn()))
                        .isEmpty()
                && switch (redrive) {
                    case ANY -> true;
                    case REDRIVEN -> execution.getRedriveCount() > 0;
                    case NOT_REDRIVEN -> execution.getRedriveCount() == 0;
                };
    }
}
