package io.stepstream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.report.Approval;
import io.stepstream.audit.report.Approval.Outcome;
import io.stepstream.audit.report.Approval.Vouched;
import io.stepstream.audit.report.ApprovalReport;
import io.stepstream.audit.report.ReportCsv;
import io.stepstream.audit.report.ReportJson;
import io.stepstream.audit.report.ReportPage;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.LinkUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The report tells who decided what, and what nobody decided. */
class ApprovalReportTest {
    private static final String DEFINITION = """
        {"StartAt": "Approve", "States": {
          "Approve": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 3600,
            "Parameters": {"FunctionName": "notify-approver", "Payload": {"token.$": "$$.Task.Token"}},
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Escalate"}], "Next": "Done"},
          "Escalate": {"Type": "Pass", "Next": "Done"},
          "Done": {"Type": "Succeed"}}}
        """;
    private static final String MACHINE = """
        {"StartAt": "Print", "States": {"Print": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "Parameters": {"QueueUrl": "http://queue/printer", "MessageBody": {"token.$": "$$.Task.Token"}}, "End": true}}}
        """;

    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final Recorder recorder = new Recorder(2, log.registry, Limits.DEFAULT, log);
    private final Recorder.Machine approval = recorder.deploy("approval", DEFINITION, Set.of());

    private Recorder.Run start(String name) {
        return recorder.start(approval, name, Document.ofTrusted("{}"));
    }

    private static long ticket(Recorder.Run run) {
        return run.open.keySet().iterator().next();
    }

    private void decide(Recorder.Run run, String decision, String by, String comment, StepRun.Sender sender) {
        var output = JsonNodeFactory.instance
                .objectNode()
                .put("decision", decision)
                .put("comment", comment)
                .put("decidedBy", by)
                .put("decidedAt", recorder.now().toString());
        run.send(
                new Command.CompleteTask(
                        ticket(run), run.bindings.getOrDefault(ticket(run), ""), Document.of(output), recorder.now()),
                sender);
    }

    private static StepRun.Sender by(String principal, String channel, Optional<LinkUse> link) {
        var caller = Caller.newBuilder()
                .setPrincipal(principal)
                .setChannel(channel)
                .setAddress("192.0.2.7")
                .build();
        return new StepRun.Sender(caller, link);
    }

    private void fireTimeout(Recorder.Run run) {
        Map.Entry<Long, Instant> timer = run.timers.entrySet().iterator().next();
        recorder.advanceTo(timer.getValue());
        run.send(new Command.FireTimer(timer.getKey(), timer.getValue()), Optional.empty());
    }

    private ApprovalReport report(HistorySelection selection) {
        return ApprovalReport.read(log, Optional.empty(), selection, Instant.parse("2026-02-01T00:00:00Z"));
    }

    /** One request of each kind. */
    private void world() {
        var approved = start("approved");
        var denied = start("denied");
        var stated = start("stated");
        var escalated = start("escalated");
        var failed = start("failed");
        recorder.advanceTo(Recorder.START.plus(Duration.ofMinutes(5)));
        var expires = Recorder.START.plus(Duration.ofDays(1));
        decide(
                approved,
                "APPROVED",
                "amira@example.org",
                "=fine, \"go\"",
                by("amira@example.org", "link", Optional.of(new LinkUse("APPROVED", "amira@example.org", expires))));
        decide(denied, "DENIED", "jonas", "", by("jonas", "http", Optional.empty()));
        decide(
                stated,
                "DENIED",
                "<script>alert('x')</script>",
                "</td><script>1</script>",
                by("<script>alert('x')</script>", "link", Optional.of(new LinkUse("DENIED", "", null))));
        failed.send(
                new Command.FailTask(
                        ticket(failed),
                        failed.bindings.getOrDefault(ticket(failed), ""),
                        Optional.of("MailNotSent"),
                        Optional.of("no such host"),
                        recorder.now()),
                Optional.empty());
        fireTimeout(escalated);
        start("pending");
        var printed = recorder.start(recorder.deploy("printing", MACHINE, Set.of()), "page", Document.ofTrusted("{}"));
        printed.complete(ticket(printed), Document.ofTrusted("{\"pages\":1}"));
    }

    private static Approval of(ApprovalReport report, String execution) {
        return report.approvals().stream()
                .filter(approval -> approval.executionArn().endsWith(":" + execution))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoDecidedWhat() {
        world();
        var report = report(HistorySelection.ALL);

        assertThat(report.approvals())
                .extracting(Approval::outcome)
                .containsExactlyInAnyOrder(
                        Outcome.APPROVED,
                        Outcome.DENIED,
                        Outcome.DENIED,
                        Outcome.FAILED,
                        Outcome.ESCALATED,
                        Outcome.PENDING);
        var approved = of(report, "approved");
        assertThat(approved.waited()).contains(Duration.ofMinutes(5));
        assertThat(approved.comment()).isEqualTo("=fine, \"go\"");
        assertThat(approved.decider().orElseThrow()).satisfies(who -> {
            assertThat(who.name()).isEqualTo("amira@example.org");
            assertThat(who.vouched()).isEqualTo(Vouched.LINK);
            assertThat(who.address()).isEqualTo("192.0.2.7");
            assertThat(who.link().orElseThrow().purpose()).isEqualTo("APPROVED");
        });
        assertThat(of(report, "denied").decider().orElseThrow().vouched()).isEqualTo(Vouched.CALLER);
        assertThat(of(report, "stated").decider().orElseThrow().vouched()).isEqualTo(Vouched.SELF);
        assertThat(of(report, "escalated").escalatedTo()).isEqualTo("Escalate");
        assertThat(of(report, "escalated").waited()).contains(Duration.ofHours(1));
        assertThat(of(report, "failed").error()).isEqualTo("MailNotSent");
        assertThat(of(report, "pending").ended()).isEmpty();
    }

    @Test
    void onlyWhatEndedInTheTimeThatIsMeant() {
        world();
        var to = Optional.of(Recorder.START.plus(Duration.ofMinutes(30)));

        assertThat(report(new HistorySelection(Optional.empty(), to, Optional.empty()))
                        .approvals())
                .extracting(Approval::outcome)
                .containsExactlyInAnyOrder(
                        Outcome.APPROVED, Outcome.DENIED, Outcome.DENIED, Outcome.FAILED, Outcome.PENDING);
        assertThat(report(new HistorySelection(to, Optional.empty(), Optional.of("approval")))
                        .approvals())
                .extracting(Approval::outcome)
                .containsExactlyInAnyOrder(Outcome.ESCALATED, Outcome.PENDING);
    }

    @Test
    void thePageRunsNothingAndAsksForNothing() throws IOException {
        world();
        var out = new ByteArrayOutputStream();
        ReportPage.write(report(HistorySelection.ALL), out);
        var page = out.toString(UTF_8);

        assertThat(page)
                .contains("default-src 'none'")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .contains("amira@example.org", "bound into the link", "192.0.2.7", "to Escalate")
                .contains("<svg", "Decisions by approver")
                .doesNotContain("<script", "src=", "href=", "url(", "@import", "http://", "https://");
    }

    @Test
    void aPageOfNothing() throws IOException {
        var printed = recorder.start(recorder.deploy("printing", MACHINE, Set.of()), "page", Document.ofTrusted("{}"));
        printed.complete(ticket(printed), Document.ofTrusted("{\"pages\":1}"));
        var out = new ByteArrayOutputStream();
        ReportPage.write(report(HistorySelection.ALL), out);
        assertThat(out.toString(UTF_8))
                .contains("Nobody was asked for a decision")
                .doesNotContain("<svg");
    }

    @Test
    void csvAndJsonTellTheSame() throws IOException {
        world();
        var report = report(HistorySelection.ALL);
        var out = new ByteArrayOutputStream();
        ReportCsv.write(report, out);
        List<List<String>> rows = HistoryExportTest.rows(out.toString(UTF_8));
        out.reset();
        ReportJson.write(report, out);
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());

        assertThat(rows).hasSize(1 + report.approvals().size());
        assertThat(rows).allMatch(row -> row.size() == rows.getFirst().size());
        assertThat(rows)
                .anySatisfy(row -> assertThat(row)
                        .contains("approved", "APPROVED", "300.000", "amira@example.org", "LINK", "'=fine, \"go\""));
        assertThat(json.path("approvals")).hasSameSizeAs(report.approvals());
        assertThat(json.at("/figures/outcomes/DENIED").asInt()).isEqualTo(2);
        assertThat(json.at("/figures/byApprover")).hasSize(3);
        assertThat(json.path("approvals")).anySatisfy(approval -> {
            assertThat(approval.at("/decidedBy/link/expires").asText()).isEqualTo("2026-01-02T00:00:00Z");
            assertThat(approval.path("waitedMillis").asLong()).isEqualTo(300_000);
        });
    }
}
