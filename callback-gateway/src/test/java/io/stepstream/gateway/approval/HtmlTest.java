package io.stepstream.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "plain                      | plain",
                "<script>alert(1)</script>  | &lt;script&gt;alert(1)&lt;/script&gt;",
                "\" onload=\"x              | &quot; onload=&quot;x",
                "' & '                      | &#39; &amp; &#39;",
                "&lt;                       | &amp;lt;",
                "Žluťoučký 🐎               | Žluťoučký 🐎",
            })
    void escapesEverythingThatHtmlReads(String text, String html) {
        assertThat(Html.escape(text)).isEqualTo(html);
    }

    @ParameterizedTest
    @CsvSource({"0x00", "0x1b", "0x7f", "0x9b", "0xd800", "0x202e", "0x2066"})
    void replacesWhatHtmlForbidsAndWhatReordersText(String codePoint) {
        var text = new StringBuilder("a")
                .appendCodePoint(Integer.decode(codePoint))
                .append("b");
        assertThat(Html.escape(text.toString())).isEqualTo("a\uFFFDb");
    }
}
