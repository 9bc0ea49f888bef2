package io.stepstream.cli.run;

import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.rehearsal.HistoryJson;
import io.stepstream.asl.rehearsal.Observer;
import java.io.PrintWriter;
import java.time.Instant;

/** The history for programs: a line for each event, as GetExecutionHistory has it. */
public record HistoryLines(PrintWriter out) implements Observer {

    @Override
    public void happened(ExecutionIdentity execution, Instant at, HistoryEvent event) {
        out.println(HistoryJson.of(event, at));
    }
}
