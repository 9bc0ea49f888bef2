package io.stepstream.audit.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.records.EventDetails;
import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.records.RecordJson;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.HistoryRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** A row for each history event, with the command and the caller of its step; a step without events has one row. */
final class CsvEvents implements HistorySink {
    private static final List<String> COLUMNS = List.of(
            "time",
            "state_machine",
            "execution",
            "execution_arn",
            "step",
            "event",
            "previous_event",
            "type",
            "state",
            "command",
            "principal",
            "channel",
            "address",
            "request_id",
            "link_decision",
            "link_approver",
            "link_expires",
            "error",
            "cause",
            "details",
            "revision",
            "partition",
            "offset");

    private final BufferedWriter out;
    private final Csv csv;

    CsvEvents(OutputStream to) throws IOException {
        out = new BufferedWriter(new OutputStreamWriter(to, UTF_8));
        csv = new Csv(out);
        csv.row(COLUMNS);
    }

    @Override
    public void write(Entry entry) throws IOException {
        var record = entry.record();
        var payloads = ShownPayloads.of(record);
        if (record.getEvents().isEmpty()) {
            csv.row(row(entry, List.of("", "", "", ""), List.of("", "", "")));
        }
        for (var event : record.getEvents()) {
            csv.row(row(entry, which(event, payloads), what(event, payloads)));
        }
    }

    private static List<String> which(Event event, ShownPayloads payloads) {
        return List.of(
                String.valueOf(event.getId()),
                String.valueOf(event.getPreviousEventId()),
                event.getType(),
                EventDetails.text(event, "name", payloads).orElse(""));
    }

    private static List<String> what(Event event, ShownPayloads payloads) {
        return List.of(
                EventDetails.text(event, "error", payloads).orElse(""),
                EventDetails.text(event, "cause", payloads).orElse(""),
                event.getDetails().isEmpty()
                        ? ""
                        : RecordJson.details(event, payloads).toString());
    }

    private static List<String> row(Entry entry, List<String> which, List<String> what) {
        HistoryRecord record = entry.record();
        var caller = record.getCaller();
        var link = Optional.ofNullable(record.getLink());
        var row = new ArrayList<String>(COLUMNS.size());
        row.addAll(List.of(
                record.getNow().toString(),
                ExecutionNames.stateMachine(record.getExecutionArn()),
                ExecutionNames.name(record.getExecutionArn()),
                record.getExecutionArn(),
                String.valueOf(record.getStep())));
        row.addAll(which);
        row.addAll(List.of(
                ((SpecificRecord) record.getCommand()).getSchema().getName(),
                caller.getPrincipal(),
                caller.getChannel(),
                caller.getAddress(),
                Optional.ofNullable(caller.getRequestId()).orElse(""),
                link.map(use -> use.getDecision()).orElse(""),
                link.map(use -> use.getApprover()).orElse(""),
                link.flatMap(use -> Optional.ofNullable(use.getExpires()))
                        .map(Instant::toString)
                        .orElse("")));
        row.addAll(what);
        row.addAll(List.of(
                record.getRevision(),
                String.valueOf(entry.stored().partition()),
                String.valueOf(entry.stored().offset())));
        return row;
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
