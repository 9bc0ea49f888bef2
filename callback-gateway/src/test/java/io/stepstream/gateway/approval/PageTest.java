package io.stepstream.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.gateway.approval.Approval.How;
import io.stepstream.gateway.approval.Approval.Standing;
import io.stepstream.gateway.form.ApprovalSpec;
import io.stepstream.gateway.form.ApprovalSpec.Eyes;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.avro.Denial;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PageTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String EVIL = "<img src=x onerror=alert(1)>\"'";

    static Stream<Standing> standings() {
        return Stream.of(
                new Standing.Open(Decision.APPROVED, Optional.of(EVIL), Optional.of(NOW)),
                new Standing.Open(Decision.DENIED, Optional.empty(), Optional.empty()),
                new Standing.Decided(Optional.of(Decision.DENIED), EVIL, EVIL, fields(EVIL), NOW),
                new Standing.Decided(Optional.empty(), "", "", fields(""), NOW),
                new Standing.Ended(How.TIMED_OUT, NOW),
                new Standing.Ended(How.ABORTED, NOW),
                new Standing.LinkExpired(NOW));
    }

    @ParameterizedTest
    @MethodSource("standings")
    void everyPageEscapesWhatComesFromOutsideAndHasOneHeading(Standing standing) {
        var html = page(standing, EVIL);
        assertThat(html)
                .doesNotContain("<img")
                .contains("<html lang=\"en\">")
                .contains("width=device-width")
                .containsOnlyOnce("<h1>")
                .doesNotContain("<script")
                .doesNotContain("http");
    }

    @Test
    void anOpenRequestHasAFormThatPostsToItsOwnAddress() {
        var html = page(new Standing.Open(Decision.DENIED, Optional.empty(), Optional.empty()), "");
        assertThat(html)
                .contains("<form method=\"post\">")
                .contains("<label for=\"comment\">")
                .contains("<label for=\"name\">")
                .contains("<button type=\"submit\">Deny</button>")
                .doesNotContain("autofocus");
    }

    @Test
    void aLinkThatBindsAnApproverAsksForNoName() {
        var html = page(new Standing.Open(Decision.APPROVED, Optional.of("Ada"), Optional.empty()), "");
        assertThat(html).contains("You decide as <strong>Ada</strong>").doesNotContain("id=\"name\"");
    }

    @Test
    void aDecidedRequestSaysWhoDecidedWhatAndWhen() {
        var html = page(
                new Standing.Decided(Optional.of(Decision.APPROVED), "Ada", "fine", fields(""), NOW.minusSeconds(300)),
                "");
        assertThat(html)
                .contains("<h1>This request was approved</h1>")
                .contains("Approved by <strong>Ada</strong>")
                .contains("23 November 2026, 11:55 UTC</time> (5 minutes ago)")
                .contains("fine")
                .doesNotContain("<form");
    }

    @Test
    void thePolicyAllowsJustTheStyleThatThePageHas() throws Exception {
        var html = page(new Standing.Ended(How.TIMED_OUT, NOW), "");
        var style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
        var hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(Style.CONTENT_SECURITY_POLICY)
                .contains("default-src 'none'")
                .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "PT-10S, just now",
        "PT10S, in less than a minute",
        "PT1M, in 1 minute",
        "PT-59M, 59 minutes ago",
        "PT-60M, 1 hour ago",
        "PT47H, in 47 hours",
        "PT48H, in 2 days"
    })
    void tellsHowFarATimeIs(String span, String words) {
        assertThat(Page.distance(NOW.plus(Duration.parse(span)), NOW)).isEqualTo(words);
    }

    @Test
    void aFormHasALabelForEachFieldAndSaysWhatIsWrongBesideIt() throws Exception {
        var spec = ApprovalSpec.of(Json.parseObject("""
                {"approval": {"title": "Chairs", "fourEyes": true, "form": {"type": "object", "required": ["centre"], "properties": {
                  "centre": {"type": "integer", "title": "Cost centre", "minimum": 1, "maximum": 99},
                  "kind": {"type": "string", "enum": ["new", "used"], "description": "As it is"},
                  "day": {"type": "string", "format": "date"}, "mail": {"type": "string", "format": "email"},
                  "sure": {"type": "boolean"}, "why": {"type": "string", "maxLength": 500},
                  "short": {"type": "string", "maxLength": 9, "minLength": 2}}}}}"""));
        var open = new Standing.Open(Decision.APPROVED, Optional.of("Ada"), Optional.empty());
        var approval = new Approval(request(""), spec, open);
        var entered = new Page.Entered(
                Form.parse("f-centre=0&f-kind=used&f-why=%3Cb%3E&comment=hm"), Map.of("centre", "Give 1 or more."));
        var html = Page.open(approval, open, entered, NOW);
        assertThat(html)
                .contains("<title>Error: Approve this request?</title>")
                .contains("<h2 id=\"asked\">Chairs</h2>")
                .contains("<a href=\"#field-centre\">Cost centre</a>: Give 1 or more.")
                .contains(
                        "<input id=\"field-centre\" name=\"f-centre\" required aria-invalid=\"true\" aria-describedby=\"field-centre-problem\" type=\"number\" step=\"1\" min=\"1\" max=\"99\" value=\"0\">")
                .contains("<option value=\"used\" selected>used</option>")
                .contains("aria-describedby=\"field-kind-hint\"")
                .contains("type=\"date\"")
                .contains("type=\"email\"")
                .contains("<option value=\"true\">Yes</option>")
                .contains("maxlength=\"500\">&lt;b&gt;</textarea>")
                .contains("maxlength=\"9\" minlength=\"2\"")
                .contains(">hm</textarea>")
                .contains("Two people are needed");
        for (var field : spec.form().orElseThrow().fields()) {
            assertThat(html).contains("<label for=\"field-" + field.name() + "\">");
        }
    }

    private static JsonNode fields(String text) {
        var fields = JsonNodeFactory.instance.objectNode();
        return text.isEmpty() ? fields : fields.put(text, text);
    }

    private static Approval.Request request(String text) {
        var fields = JsonNodeFactory.instance.objectNode().put(text + "key", text + "value");
        return new Approval.Request(
                "m" + text, "s" + text, "e" + text, text, fields, NOW, Optional.of(NOW.plusSeconds(60)));
    }

    private static String page(Standing standing, String text) {
        var spec = new ApprovalSpec(
                text, text, Optional.empty(), Optional.empty(), Optional.empty(), Denial.SUCCEEDS, Eyes.TWO);
        return Page.of(new Approval(request(text), spec, standing), text, NOW);
    }
}
