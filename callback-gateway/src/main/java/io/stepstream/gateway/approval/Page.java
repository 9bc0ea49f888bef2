package io.stepstream.gateway.approval;

import io.stepstream.gateway.approval.Approval.Request;
import io.stepstream.gateway.approval.Approval.Standing;
import io.stepstream.gateway.form.ApprovalSpec;
import io.stepstream.gateway.form.ApprovalSpec.Eyes;
import io.stepstream.schemas.Caveats.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** The HTML of approval pages. Every text from outside is escaped here; the pages need no script, no font and no third party. */
final class Page {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MACHINE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Page() {}

    /**
     * The page of an approval.
     *
     * @param notice said at the top, such as why a decision did not count; empty for none
     */
    static String of(Approval approval, String notice, Instant now) {
        var request = approval.request();
        return switch (approval.standing()) {
            case Standing.Open open -> open(approval, open, Entered.NOTHING, now);
            case Standing.Decided decided -> decided(approval, decided, notice, now);
            case Standing.Ended ended -> ended(approval, ended, notice, now);
            case Standing.LinkExpired expired ->
                document(
                        "This link has expired",
                        "ended",
                        notice(notice)
                                + paragraph("It could be used until " + time(expired.at(), now)
                                        + ". Nothing was decided with it. Ask whoever sent it for a new one.")
                                + facts(request, now));
        };
    }

    /** What is shown for an unknown and for a forged link alike. */
    static String notFound() {
        return message(
                "Nothing to decide here",
                "This link does not lead to a request. It may have been cut off in the e-mail: try to copy it as a whole.");
    }

    /** A page that only says something. */
    static String message(String title, String text) {
        return document(title, "ended", paragraph(Html.escape(text)));
    }

    /**
     * What was sent and could not be taken.
     *
     * @param problems what is wrong, by field
     */
    record Entered(Form form, Map<String, String> problems) {
        static final Entered NOTHING = new Entered(new Form(Map.of()), Map.of());
    }

    /** The page of an approval that waits, with what was entered before. */
    static String open(Approval approval, Standing.Open open, Entered entered, Instant now) {
        var request = approval.request();
        var approve = open.offered() == Decision.APPROVED;
        var verb = approve ? "Approve" : "Deny";
        var body = approval.spec()
                        .form()
                        .map(form -> FormHtml.summary(form, entered.problems()))
                        .orElse("")
                + paragraph("The workflow <strong>" + Html.escape(request.stateMachine())
                        + "</strong> waits for a decision at its step <strong>" + Html.escape(request.state())
                        + "</strong>. The button below " + (approve ? "approves" : "denies") + " the request.")
                + fields(approval)
                + facts(request, now)
                + open.linkExpires()
                        .map(at -> paragraph("This link can be used until " + time(at, now) + "."))
                        .orElse("")
                + form(approval.spec(), open, entered, verb);
        var title = (entered.problems().isEmpty() ? "" : "Error: ") + verb + " this request?";
        return document(title, verb + " this request?", approve ? "approve" : "deny", body);
    }

    private static String form(ApprovalSpec spec, Standing.Open open, Entered entered, String verb) {
        var who = open.approver()
                .map(name -> paragraph("You decide as <strong>" + Html.escape(name) + "</strong>."))
                .orElseGet(() -> """
                        <label for="name">Your name <span class="hint">optional</span></label>
                        <input id="name" name="name" autocomplete="name" maxlength="%d" value="%s">
                        """.formatted(
                        Deciding.NAME_CHARACTERS, Html.escape(entered.form().field("name", Deciding.NAME_CHARACTERS))));
        var eyes = spec.eyes() == Eyes.FOUR && open.offered() == Decision.APPROVED
                ? paragraph("Two people are needed: whoever asked for this cannot approve it.")
                : "";
        var fields = spec.form()
                .map(form -> FormHtml.fields(
                        form,
                        Deciding.needed(form, open.offered()),
                        entered.form().fieldsOf(form),
                        entered.problems()))
                .orElse("");
        return """
                <form method="post">
                <h2>Your decision</h2>
                %s
                %s
                %s
                <label for="comment">Comment <span class="hint">optional, kept with the decision</span></label>
                <textarea id="comment" name="comment" rows="3" maxlength="%d">%s</textarea>
                <button type="submit">%s</button>
                </form>
                """.formatted(
                        who,
                        eyes,
                        fields,
                        Deciding.COMMENT_CHARACTERS,
                        Html.escape(entered.form().field("comment", Deciding.COMMENT_CHARACTERS)),
                        verb);
    }

    private static String decided(Approval approval, Standing.Decided decided, String notice, Instant now) {
        var what = decided.decision()
                .map(decision -> decision == Decision.APPROVED ? "Approved" : "Denied")
                .orElse("Answered");
        var by = decided.by().isBlank() ? "" : " by <strong>" + Html.escape(decided.by()) + "</strong>";
        var comment = decided.comment().isBlank()
                ? ""
                : "<figure><figcaption>Comment</figcaption><blockquote>" + Html.escape(decided.comment())
                        + "</blockquote></figure>";
        var style = decided.decision()
                .map(decision -> decision == Decision.APPROVED ? "approve" : "deny")
                .orElse("ended");
        return document(
                "This request was " + what.toLowerCase(Locale.ROOT),
                style,
                notice(notice)
                        + paragraph(
                                what + by + " on " + time(decided.at(), now) + ". There is nothing more to do here.")
                        + comment
                        + filledIn(decided)
                        + fields(approval)
                        + facts(approval.request(), now));
    }

    private static String ended(Approval approval, Standing.Ended ended, String notice, Instant now) {
        var title = switch (ended.how()) {
            case TIMED_OUT -> "The time to decide has run out";
            case ABORTED -> "This request was withdrawn";
            case FAILED -> "This request has failed";
        };
        var text = switch (ended.how()) {
            case TIMED_OUT -> "It waited until %s and nobody had decided. It has expired.";
            case ABORTED -> "Its execution ended on %s before anybody had decided.";
            case FAILED -> "It was reported as failed on %s before anybody had decided.";
        };
        return document(
                title,
                "ended",
                notice(notice)
                        + paragraph(text.formatted(time(ended.at(), now)))
                        + fields(approval)
                        + facts(approval.request(), now));
    }

    private static String filledIn(Standing.Decided decided) {
        return decided.fields().isEmpty()
                ? ""
                : "<section aria-labelledby=\"filled\"><h2 id=\"filled\">Filled in</h2>"
                        + RequestFields.html(decided.fields()) + "</section>";
    }

    private static String fields(Approval approval) {
        var spec = approval.spec();
        var title = spec.title().isEmpty() ? "The request" : Html.escape(spec.title());
        var description =
                spec.description().isEmpty() ? "" : "<p class=\"text\">" + Html.escape(spec.description()) + "</p>";
        var shown = approval.request().fields();
        return "<section aria-labelledby=\"asked\"><h2 id=\"asked\">" + title + "</h2>" + description
                + (shown.isEmpty() && !spec.title().isEmpty() ? "" : RequestFields.html(shown)) + "</section>";
    }

    private static String facts(Request request, Instant now) {
        var deadline = request.deadline()
                .map(at -> fact("Decide before", time(at, now)))
                .orElse("");
        return "<section aria-labelledby=\"about\" class=\"facts\"><h2 id=\"about\">About it</h2><dl>"
                + fact("Workflow", Html.escape(request.stateMachine()))
                + fact("Step", Html.escape(request.state()))
                + fact("Execution", Html.escape(request.execution()))
                + (request.askedBy().isEmpty() ? "" : fact("Asked by", Html.escape(request.askedBy())))
                + fact("Waiting since", time(request.since(), now))
                + deadline
                + "</dl></section>";
    }

    private static String fact(String label, String html) {
        return "<div><dt>" + label + "</dt><dd>" + html + "</dd></div>";
    }

    private static String paragraph(String html) {
        return "<p>" + html + "</p>";
    }

    private static String notice(String text) {
        return text.isEmpty() ? "" : "<p class=\"notice\" role=\"status\">" + Html.escape(text) + "</p>";
    }

    private static String time(Instant at, Instant now) {
        return "<time datetime=\"" + MACHINE_TIME.format(at) + "\">" + TIME.format(at) + "</time> (" + distance(at, now)
                + ")";
    }

    /** How far a time is from now, in the largest unit that fits. */
    static String distance(Instant at, Instant now) {
        var span = Duration.between(now, at);
        var amount = span.abs();
        if (amount.compareTo(Duration.ofMinutes(1)) < 0) {
            return span.isNegative() ? "just now" : "in less than a minute";
        }
        String words;
        if (amount.compareTo(Duration.of(1, ChronoUnit.HOURS)) < 0) {
            words = count(amount.toMinutes(), "minute");
        } else if (amount.compareTo(Duration.ofDays(2)) < 0) {
            words = count(amount.toHours(), "hour");
        } else {
            words = count(amount.toDays(), "day");
        }
        return span.isNegative() ? words + " ago" : "in " + words;
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    private static String document(String title, String kind, String body) {
        return document(title, title, kind, body);
    }

    private static String document(String title, String heading, String kind, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex, nofollow">
                <title>%1$s</title>
                <style>%2$s</style>
                </head>
                <body class="%3$s">
                <header><span aria-hidden="true"></span>Stepstream approvals</header>
                <main>
                <h1>%5$s</h1>
                %4$s
                </main>
                </body>
                </html>
                """.formatted(Html.escape(title), Style.CSS, kind, body, Html.escape(heading));
    }
}
