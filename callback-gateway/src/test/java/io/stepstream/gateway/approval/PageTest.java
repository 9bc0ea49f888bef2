package io.stepstream.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.gateway.approval.Approval.How;
import io.stepstream.gateway.approval.Approval.Standing;
import io.stepstream.schemas.Caveats.Decision;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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
                new Standing.Decided(Optional.of(Decision.DENIED), EVIL, EVIL, NOW),
                new Standing.Decided(Optional.empty(), "", "", NOW),
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
        var html = page(new Standing.Decided(Optional.of(Decision.APPROVED), "Ada", "fine", NOW.minusSeconds(300)), "");
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

    private static String page(Standing standing, String text) {
        var fields = JsonNodeFactory.instance.objectNode().put(text + "key", text + "value");
        var request =
                new Approval.Request("m" + text, "s" + text, "e" + text, fields, NOW, Optional.of(NOW.plusSeconds(60)));
        return Page.of(new Approval(request, standing), text, NOW);
    }
}
