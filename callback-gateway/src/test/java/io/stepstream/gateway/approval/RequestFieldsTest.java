package io.stepstream.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFieldsTest {

    private final TokenKeys keys = TokenKeys.generate();
    private final String token = keys.sign(new TaskToken("0123456789abcdef0123456789abcdef", 7, "0123456789abcdef"));
    private final RequestFields fields = new RequestFields(text -> {
        try {
            return keys.verifyAny(text).token().ticket() == 7;
        } catch (InvalidToken e) {
            return false;
        }
    });

    @Test
    void showsTheRequestWithoutItsTokenAndTheLayersAroundIt() throws Exception {
        var input =
                json("{'body': {'taskToken': '%s', 'masked': '***', 'request': {'item': 'a chair', 'price': 12.50}}}"
                        .formatted(token));
        assertThat(fields.of(input)).isEqualTo(json("{'item': 'a chair', 'price': 12.50}"));
    }

    @Test
    void masksATokenAndALinkInsideOtherText() throws Exception {
        var link = ApprovalLink.make(token, new Caveats(Caveats.Decision.APPROVED, Optional.empty(), Optional.empty()));
        var shown = fields.of(json("{'a': 'use %s now', 'b': ['http://h/a/%s']}".formatted(token, link)));
        assertThat(shown).isEqualTo(json("{'a': 'use *** now', 'b': ['http://h/a/***']}"));
    }

    @Test
    void leavesALongTextThatIsNoToken() throws Exception {
        var hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        assertThat(fields.of(json("{'sha': '%s', 'n': 1}".formatted(hash))))
                .isEqualTo(json("{'sha': '%s', 'n': 1}".formatted(hash)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'text'                 | text",
                "true                   | yes",
                "12.50                  | 12.50",
                "null                   | <span class=\"none\">none</span>",
                "{}                     | <span class=\"none\">none</span>",
                "['a', {'b': '<i>'}]    | <ul><li>a</li><li><dl><div><dt>B</dt><dd>&lt;i&gt;</dd></div></dl></li></ul>",
                "{'<b>': 1}             | <dl><div><dt>&lt;b&gt;</dt><dd>1</dd></div></dl>",
            })
    void rendersAValue(String json, String html) throws Exception {
        assertThat(RequestFields.html(json(json))).isEqualTo(html);
    }

    @ParameterizedTest
    @CsvSource({
        "item, Item",
        "orderTotal, Order total",
        "order_total, Order total",
        "totalEUR, Total EUR",
        "Cost-Center, Cost center",
        "__, __",
        "id2Name, Id2 name"
    })
    void namesAFieldAsPeopleWrite(String key, String label) {
        assertThat(RequestFields.label(key)).isEqualTo(label);
    }

    private static JsonNode json(String text) throws Exception {
        return Json.parse(text.replace('\'', '"'), ApiError.INTERNAL);
    }
}
