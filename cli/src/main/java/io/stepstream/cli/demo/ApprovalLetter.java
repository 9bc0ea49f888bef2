package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The mail that asks for a decision, as text and as HTML, each with both links. */
record ApprovalLetter(JsonNode request, String executionArn, URI approve, URI deny) {

    private static final Pattern APPROVE = Pattern.compile("^Approve: (\\S+)$", Pattern.MULTILINE);
    private static final Pattern DENY = Pattern.compile("^Deny: (\\S+)$", Pattern.MULTILINE);

    /** The links that such a mail's text holds. */
    record Links(URI approve, URI deny) {

        static Optional<Links> in(Mail mail) {
            Matcher approve = APPROVE.matcher(unixLines(mail.text()));
            Matcher deny = DENY.matcher(unixLines(mail.text()));
            return approve.find() && deny.find()
                    ? Optional.of(new Links(URI.create(approve.group(1)), URI.create(deny.group(1))))
                    : Optional.empty();
        }

        private static String unixLines(String text) {
            return text.replace("\r\n", "\n");
        }
    }

    /** The line by which such a mail can be found again. */
    static String reference(String executionArn) {
        return "Reference: " + executionArn.substring(executionArn.lastIndexOf(':') + 1);
    }

    String subject() {
        return "Please decide: " + request.path("title").asText("a request");
    }

    String text() {
        String fields = request.properties().stream()
                .map(field -> field.getKey() + ": " + plain(field.getValue()))
                .collect(Collectors.joining("\n"));
        return """
                Somebody waits for your decision.

                %s
                %s

                Approve: %s
                Deny: %s

                A link opens a page that shows the request again; nothing is decided before you press its button.
                """.formatted(fields, reference(executionArn), approve, deny);
    }

    String html() {
        String rows = request.properties().stream()
                .map(field -> "<tr><th align=\"left\">" + Html.escape(field.getKey()) + "</th><td>"
                        + Html.escape(plain(field.getValue())) + "</td></tr>")
                .collect(Collectors.joining("\n"));
        return """
                <!DOCTYPE html>
                <html lang="en"><body>
                <p>Somebody waits for your decision.</p>
                <table>
                %s
                </table>
                <p><a href="%s">Approve</a> &nbsp; <a href="%s">Deny</a></p>
                <p>A link opens a page that shows the request again; nothing is decided before you press its button.</p>
                </body></html>
                """.formatted(rows, Html.escape(approve.toString()), Html.escape(deny.toString()));
    }

    private static String plain(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }
}
