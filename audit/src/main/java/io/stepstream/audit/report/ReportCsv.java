package io.stepstream.audit.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.export.Csv;
import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.report.Approval.Decider;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A row for each request for a decision. */
public final class ReportCsv {
    private static final List<String> COLUMNS = List.of(
            "state_machine",
            "execution",
            "state",
            "outcome",
            "asked",
            "ended",
            "waited_seconds",
            "decided_by",
            "vouched_for",
            "channel",
            "address",
            "link_purpose",
            "link_approver",
            "link_expires",
            "comment",
            "error",
            "escalated_to",
            "deadline",
            "task",
            "execution_arn",
            "partition",
            "offset",
            "step");

    private ReportCsv() {}

    /** Writes the report; the stream is flushed and not closed. */
    public static void write(ApprovalReport report, OutputStream to) throws IOException {
        var out = new BufferedWriter(new OutputStreamWriter(to, UTF_8));
        var csv = new Csv(out);
        csv.row(COLUMNS);
        for (var approval : report.approvals()) {
            csv.row(row(approval));
        }
        out.flush();
    }

    private static List<String> row(Approval approval) {
        var decider = approval.decider();
        var link = decider.flatMap(Decider::link);
        return List.of(
                approval.stateMachine(),
                ExecutionNames.name(approval.executionArn()),
                approval.state(),
                approval.outcome().name(),
                approval.asked().toString(),
                time(approval.ended()),
                approval.waited().map(ReportCsv::seconds).orElse(""),
                decider.map(Decider::name).orElse(""),
                decider.map(who -> who.vouched().name()).orElse(""),
                decider.map(Decider::channel).orElse(""),
                decider.map(Decider::address).orElse(""),
                link.map(Approval.Link::purpose).orElse(""),
                link.map(Approval.Link::approver).orElse(""),
                time(link.flatMap(Approval.Link::expires)),
                approval.comment(),
                approval.error(),
                approval.escalatedTo(),
                time(approval.deadline()),
                approval.task(),
                approval.executionArn(),
                String.valueOf(approval.evidence().partition()),
                String.valueOf(approval.evidence().offset()),
                String.valueOf(approval.evidence().step()));
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("");
    }

    private static String seconds(Duration duration) {
        return "%d.%03d".formatted(duration.toSeconds(), duration.toMillisPart());
    }
}
