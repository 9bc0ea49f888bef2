package io.stepstream.gateway.approval;

import io.stepstream.gateway.approval.Approval.Request;
import io.stepstream.gateway.approval.Approval.Standing;
import io.stepstream.schemas.Caveats.Decision;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The HTML of approval pages. Every text from outside is escaped here; the pages need no script, no font and no third party. */
final class Page {

    /** Most characters of a comment, and of a name: kept in history for ever. */
    static final int COMMENT_CHARACTERS = 2_000;

    static final int NAME_CHARACTERS = 100;

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
            case Standing.Open open -> open(request, open, notice, now);
            case Standing.Decided decided -> decided(request, decided, notice, now);
            case Standing.Ended ended -> ended(request, ended, notice, now);
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

    private static String open(Request request, Standing.Open open, String notice, Instant now) {
        var approve = open.offered() == Decision.APPROVED;
        var verb = approve ? "Approve" : "Deny";
        var body = notice(notice)
                + paragraph("The workflow <strong>" + Html.escape(request.stateMachine())
                        + "</strong> waits for a decision at its step <strong>" + Html.escape(request.state())
                        + "</strong>. The button below " + (approve ? "approves" : "denies") + " the request.")
                + fields(request)
                + facts(request, now)
                + open.linkExpires()
                        .map(at -> paragraph("This link can be used until " + time(at, now) + "."))
                        .orElse("")
                + form(open, verb);
        return document(verb + " this request?", approve ? "approve" : "deny", body);
    }

    private static String form(Standing.Open open, String verb) {
        var who = open.approver()
                .map(name -> paragraph("You decide as <strong>" + Html.escape(name) + "</strong>."))
                .orElseGet(() -> """
                        <label for="name">Your name <span class="hint">optional</span></label>
                        <input id="name" name="name" autocomplete="name" maxlength="%d">
                        """.formatted(NAME_CHARACTERS));
        return """
                <form method="post">
                <h2>Your decision</h2>
                %s
                <label for="comment">Comment <span class="hint">optional, kept with the decision</span></label>
                <textarea id="comment" name="comment" rows="3" maxlength="%d"></textarea>
                <button type="submit">%s</button>
                </form>
                """.formatted(who, COMMENT_CHARACTERS, verb);
    }

    private static String decided(Request request, Standing.Decided decided, String notice, Instant now) {
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
                        + fields(request)
                        + facts(request, now));
    }

    private static String ended(Request request, Standing.Ended ended, String notice, Instant now) {
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
                        + fields(request)
                        + facts(request, now));
    }

    private static String fields(Request request) {
        return "<section aria-labelledby=\"asked\"><h2 id=\"asked\">The request</h2>"
                + RequestFields.html(request.fields()) + "</section>";
    }

    private static String facts(Request request, Instant now) {
        var deadline = request.deadline()
                .map(at -> fact("Decide before", time(at, now)))
                .orElse("");
        return "<section aria-labelledby=\"about\" class=\"facts\"><h2 id=\"about\">About it</h2><dl>"
                + fact("Workflow", Html.escape(request.stateMachine()))
                + fact("Step", Html.escape(request.state()))
                + fact("Execution", Html.escape(request.execution()))
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
                <h1>%1$s</h1>
                %4$s
                </main>
                </body>
                </html>
                """.formatted(Html.escape(title), Style.CSS, kind, body);
    }
}
