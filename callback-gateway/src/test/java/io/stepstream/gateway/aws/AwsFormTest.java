package io.stepstream.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.PageToken;
import io.stepstream.schemas.TokenKeys;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsFormTest {

    @Test
    void datesAreSecondsWithAFraction() throws Exception {
        assertThat(Json.object().put("d", AwsForm.seconds(Instant.ofEpochMilli(1_700_000_000_123L))))
                .hasToString("{\"d\":1700000000.123}");
    }

    @Test
    void anExecutionHasWhatAwsAdds() throws Exception {
        var seen = json(
                "{'executionArn':'x','revision':'r','status':'SUCCEEDED','startDate':1000,'stopDate':2500,'input':'{}','output':'1','kind':'STANDARD','redriveCount':0,"
                        + "'redriveObstacle':'Execution is SUCCEEDED and cannot be redriven'}");
        assertThat(AwsForm.execution(seen, Shown.ALL_DATA))
                .isEqualTo(
                        json(
                                "{'executionArn':'x','status':'SUCCEEDED','startDate':1.000,'stopDate':2.500,'input':'{}','output':'1',"
                                        + "'inputDetails':{'included':true},'outputDetails':{'included':true},'redriveCount':0,"
                                        + "'redriveStatus':'NOT_REDRIVABLE','redriveStatusReason':'Execution is SUCCEEDED and cannot be redriven'}"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "'status':'FAILED', 'redriveStatus':'REDRIVABLE'",
                "\"'status':'FAILED','mapRunArn':'m'\", \"'mapRunArn':'m','redriveStatus':'REDRIVABLE_BY_MAP_RUN'\"",
                "\"'status':'FAILED','redriveObstacle':'why'\", \"'redriveStatus':'NOT_REDRIVABLE','redriveStatusReason':'why'\"",
            })
    void anExecutionCanBeRedrivenUnlessSomethingIsInTheWay(String seen, String shown) throws Exception {
        assertThat(AwsForm.execution(json("{%s}".formatted(seen)), Shown.ALL_DATA))
                .isEqualTo(json("{'status':'FAILED',%s}".formatted(shown)));
    }

    @Test
    void aHistoryPageLeadsToTheNext() throws Exception {
        var seen = json("{'events':[{'id':3,'timestamp':1500,'type':'PassStateExited','stateExitedEventDetails':"
                + "{'name':'A','output':'1','outputDetails':{'truncated':false}}}],'more':true}");
        var output = AwsForm.history(seen, false, last -> "after " + last);
        assertThat(output.get("events"))
                .isEqualTo(
                        json("{'e':[{'id':3,'timestamp':1.500,'type':'PassStateExited','stateExitedEventDetails':{'name':'A'}}]}")
                                .get("e"));
        assertThat(output.get("nextToken").textValue()).isEqualTo("after 3");
    }

    @Test
    void aPageTokenIsGoodForItsQuestionAlone() throws Exception {
        var tokens = new PageToken(TokenKeys.generate());
        var token = tokens.text("List m", "3");
        assertThat(tokens.place(Optional.of(token), "List m")).contains("3");
        assertThat(tokens.place(Optional.empty(), "List m")).isEmpty();
        for (var question : new String[] {"List n", "List m\n3", ""}) {
            assertThatThrownBy(() -> tokens.place(Optional.of(token), question)).isInstanceOf(ApiException.class);
        }
        for (var i = 0; i < token.length(); i++) {
            var other = new StringBuilder(token);
            other.setCharAt(i, token.charAt(i) == 'A' ? 'B' : 'A');
            assertThatThrownBy(() -> tokens.place(Optional.of(other.toString()), "List m"))
                    .isInstanceOf(ApiException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "!!", "MQ", ".", "MQphCmIKYw.AAAA"})
    void anotherTextIsNoPageToken(String text) {
        var tokens = new PageToken(TokenKeys.generate());
        assertThatThrownBy(() -> tokens.place(Optional.of(text), "List m")).isInstanceOf(ApiException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}             | Value null at 'name' failed to satisfy constraint: Member must not be null",
                "{'name': ''}   | Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
                "{'name': 'abcd'} | Value 'abcd' at 'name' failed to satisfy constraint: Member must have length less than or equal to 3",
                "{'name': 5}    | Member 'name' must be a string; it is a number",
            })
    void aStringIsCheckedInAwsWords(String members, String message) {
        assertThatThrownBy(() -> new AwsParameters(json(members)).required("name", 3))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aNumberIsCheckedInAwsWords() {
        assertThatThrownBy(() -> new AwsParameters(json("{'maxResults': 1001}")).number("maxResults", 1000))
                .hasMessage(
                        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000");
    }

    private static ObjectNode json(String text) throws ApiException {
        return Json.parseObject(text.replace('\'', '"'));
    }
}
