package io.stepstream.audit.report;

import static io.stepstream.audit.report.Markup.cut;
import static io.stepstream.audit.report.Markup.escaped;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.report.Approval.Decider;
import io.stepstream.audit.report.Approval.Outcome;
import io.stepstream.audit.report.Figures.Group;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The report as one HTML page that needs nothing else: no script, no request, for screens of any width, light or dark, and for paper. */
public final class ReportPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    /** Rows of the page's table: the last ones. A page of them all could not be opened. */
    private static final int ROWS = 500;
    /** Rows of the tables below charts. */
    private static final int GROUPS = 50;

    private static final int COMMENT = 2000;
    /** What is in a cell that has nothing to say. */
    private static final String NOTHING = "–";

    private static final List<Outcome> DECISIONS = List.of(Outcome.APPROVED, Outcome.DENIED);
    private static final List<Outcome> ENDS =
            List.of(Outcome.APPROVED, Outcome.DENIED, Outcome.TIMED_OUT, Outcome.ESCALATED);
    private static final List<Outcome> ALL = List.of(Outcome.values());

    private final ApprovalReport report;
    private final Figures figures;
    private final Writer out;

    private ReportPage(ApprovalReport report, Writer out) {
        this.report = report;
        this.figures = Figures.of(report.approvals());
        this.out = out;
    }

    /** Writes the page; the stream is flushed and not closed. */
    public static void write(ApprovalReport report, OutputStream to) throws IOException {
        var out = new OutputStreamWriter(to, UTF_8);
        new ReportPage(report, out).page();
        out.flush();
    }

    private void page() throws IOException {
        out.write("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>Approvals</title>
                <style>
                %s</style>
                </head>
                <body>
                <header>
                <h1>Approvals</h1>
                <p>%s</p>
                </header>
                <main>
                """.formatted(style(), escaped(scope())));
        out.write(tiles());
        if (report.approvals().isEmpty()) {
            out.write("<p class=\"none\">Nobody was asked for a decision in this part of the log.</p>\n");
        } else {
            charts();
            table();
        }
        out.write("""
                </main>
                <footer>
                <p>Made %s UTC from the %s by <code>stepstream audit report</code>. All times are UTC.
                Each row names the record that proves it; <code>stepstream audit verify</code> tells whether the log has been touched.</p>
                </footer>
                </body>
                </html>
                """.formatted(TIME.format(report.made()), escaped(report.source())));
    }

    private String scope() {
        var selection = report.selection();
        var machine =
                selection.stateMachine().map(name -> "state machine " + name).orElse("all state machines");
        var from = selection.from().map(time -> " from " + TIME.format(time)).orElse("");
        var to = selection.to().map(time -> " before " + TIME.format(time)).orElse("");
        return "Who decided what, when and how: " + machine + (from + to).stripTrailing()
                + (report.damaged() == 0
                        ? "."
                        : ". " + report.damaged() + " records could not be read and are missing.");
    }

    private static String style() {
        try (InputStream style = Objects.requireNonNull(ReportPage.class.getResourceAsStream("report.css"))) {
            return new String(style.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tiles() {
        var tiles = new StringBuilder("<ul class=\"tiles\">");
        tiles.append(tile("requests", report.approvals().size(), ""));
        for (var outcome : ENDS) {
            tiles.append(tile(outcome.words(), figures.all().get(outcome), Charts.css(outcome)));
        }
        var others = ALL.stream()
                .filter(outcome -> !ENDS.contains(outcome) && figures.all().get(outcome) > 0)
                .toList();
        others.forEach(
                outcome -> tiles.append(tile(outcome.words(), figures.all().get(outcome), Charts.css(outcome))));
        return tiles.append("</ul>\n").toString();
    }

    private static String tile(String words, int count, String css) {
        return "<li class=\"%s\"><strong>%d</strong> %s</li>".formatted(css, count, words);
    }

    private void charts() throws IOException {
        out.write("<div class=\"charts\">\n");
        chart(
                "Decisions by approver",
                Charts.bars("Decisions by approver", figures.byApprover(), DECISIONS),
                groups("Approver", figures.byApprover(), DECISIONS),
                DECISIONS);
        chart(
                "Time to a decision",
                Charts.columns("Time to a decision", figures.waits(), DECISIONS),
                groups("Waited", figures.waits(), DECISIONS),
                DECISIONS);
        chart(
                "What came of requests, by " + figures.unit(),
                Charts.columns("What came of requests, by " + figures.unit(), figures.over(), ENDS),
                groups("Beginning", figures.over(), ENDS),
                ENDS);
        chart(
                "By state machine",
                Charts.bars("By state machine", figures.byMachine(), ALL),
                groups("State machine", figures.byMachine(), ALL),
                ALL);
        out.write("</div>\n");
    }

    private void chart(String title, String svg, String table, List<Outcome> outcomes) throws IOException {
        out.write(
                "<section><h2>%s</h2>\n<figure>%s</figure>\n%s<details><summary>Figures</summary>%s</details></section>\n"
                        .formatted(escaped(title), svg, legend(outcomes), table));
    }

    private String legend(List<Outcome> outcomes) {
        var legend = new StringBuilder("<ul class=\"legend\">");
        outcomes.stream()
                .filter(outcome -> figures.all().get(outcome) > 0)
                .forEach(outcome -> legend.append("<li><span class=\"swatch %s\"></span>%s</li>"
                        .formatted(Charts.css(outcome), outcome.words())));
        return legend.append("</ul>\n").toString();
    }

    private String groups(String what, List<Group> groups, List<Outcome> outcomes) {
        var shown = outcomes.stream()
                .filter(outcome -> figures.all().get(outcome) > 0)
                .toList();
        var table = new StringBuilder("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">" + what + "</th>");
        shown.forEach(outcome -> table.append("<th scope=\"col\" class=\"number\">" + outcome.words() + "</th>"));
        table.append(
                "<th scope=\"col\" class=\"number\">median wait</th><th scope=\"col\" class=\"number\">slowest</th></tr></thead><tbody>");
        groups.stream().limit(GROUPS).forEach(group -> {
            table.append("<tr><th scope=\"row\">" + escaped(cut(group.name(), 80)) + "</th>");
            shown.forEach(outcome ->
                    table.append("<td class=\"number\">" + group.counts().get(outcome) + "</td>"));
            table.append("<td class=\"number\">" + wait(group.median()) + "</td><td class=\"number\">"
                    + wait(group.slowest()) + "</td></tr>");
        });
        table.append("</tbody></table></div>");
        return groups.size() > GROUPS
                ? table.append("<p>And " + (groups.size() - GROUPS) + " more.</p>")
                        .toString()
                : table.toString();
    }

    private static String wait(Optional<Duration> wait) {
        return wait.map(Durations::text).orElse(NOTHING);
    }

    private void table() throws IOException {
        var all = report.approvals();
        var shown = all.subList(Math.max(0, all.size() - ROWS), all.size());
        out.write("<section class=\"log\"><h2>Every request</h2>\n");
        if (shown.size() < all.size()) {
            out.write("<p>The last %d of %d; <code>--format csv</code> has them all.</p>\n"
                    .formatted(shown.size(), all.size()));
        }
        out.write("<table class=\"rows\"><thead><tr>");
        for (var column : List.of("Outcome", "Request", "Decided by", "When", "Waited", "Comment", "Through")) {
            out.write("<th scope=\"col\">" + column + "</th>");
        }
        out.write("</tr></thead>\n<tbody>\n");
        for (var i = shown.size() - 1; i >= 0; i--) {
            row(shown.get(i));
        }
        out.write("</tbody></table></section>\n");
    }

    private void row(Approval approval) throws IOException {
        out.write("<tr>");
        cell(
                "Outcome",
                "<span class=\"badge %s\">%s</span>%s"
                        .formatted(
                                Charts.css(approval.outcome()),
                                approval.outcome().words(),
                                approval.escalatedTo().isEmpty()
                                        ? ""
                                        : "<small>to " + escaped(approval.escalatedTo()) + "</small>"));
        cell(
                "Request",
                "%s<small>%s</small><small>%s · asked by %s</small>"
                        .formatted(
                                escaped(approval.stateMachine()),
                                escaped(cut(ExecutionNames.name(approval.executionArn()), 80)),
                                escaped(approval.state()),
                                escaped(approval.task())));
        cell("Decided by", approval.decider().map(ReportPage::decider).orElse(NOTHING));
        cell(
                "When",
                "%s<small>asked %s</small>"
                        .formatted(
                                approval.ended().map(ReportPage::time).orElse("still open"), time(approval.asked())));
        cell("Waited", wait(approval.waited()));
        cell("Comment", comment(approval));
        cell(
                "Through",
                "%s<small>partition %d, offset %d, step %d</small>"
                        .formatted(
                                approval.decider().map(ReportPage::way).orElse(NOTHING),
                                approval.evidence().partition(),
                                approval.evidence().offset(),
                                approval.evidence().step()));
        out.write("</tr>\n");
    }

    private void cell(String column, String content) throws IOException {
        var empty = content.equals(NOTHING) ? " class=\"empty\"" : "";
        out.write("<td data-column=\"" + column + "\"" + empty + "><div>" + content + "</div></td>");
    }

    private static String time(Instant time) {
        return "<time datetime=\"" + time + "\">" + TIME.format(time) + "</time>";
    }

    private static String decider(Decider decider) {
        return decider.name().isEmpty()
                ? "<em>no name</em>"
                : escaped(decider.name()) + "<small>" + decider.vouched().words() + "</small>";
    }

    private static String comment(Approval approval) {
        var parts = Arrays.asList(approval.error(), approval.comment()).stream()
                .filter(text -> !text.isEmpty())
                .map(text -> escaped(cut(text, COMMENT)))
                .toList();
        return parts.isEmpty() ? NOTHING : "<q>" + String.join(": ", parts) + "</q>";
    }

    private static String way(Decider decider) {
        var from = decider.address().isEmpty() ? "" : " from " + escaped(decider.address());
        return decider.link()
                .map(link -> "link to " + (link.purpose().equals("APPROVED") ? "approve" : "deny")
                        + (link.approver().isEmpty() ? "" : ", for " + escaped(link.approver()))
                        + from
                        + link.expires()
                                .map(at -> "<small>valid until " + TIME.format(at) + "</small>")
                                .orElse(""))
                .orElseGet(() -> escaped(decider.channel()) + from);
    }
}
