package io.stepstream.cli.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.rehearsal.HistoryJson;
import io.stepstream.asl.rehearsal.Observer;
import java.io.PrintWriter;
import java.time.Instant;

/** The history for programs: a line for each event, as GetExecutionHistory has it; a child's event says in front whose it is. */
public record HistoryLines(PrintWriter out, ExecutionIdentity first) implements Observer {

    @Override
    public void happened(ExecutionIdentity execution, Instant at, HistoryEvent event) {
        var line = JsonNodeFactory.instance.objectNode();
        if (!execution.equals(first)) {
            line.put("executionArn", execution.arn());
        }
        line.setAll(HistoryJson.of(event, at));
        out.println(line);
    }
}
