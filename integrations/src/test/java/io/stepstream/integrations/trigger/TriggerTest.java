package io.stepstream.integrations.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.data.Document;
import io.stepstream.integrations.trigger.Mapping.Mapped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which records start an execution, with what. */
class TriggerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RECORD = """
            {"topic":"shop.orders","partition":3,"offset":17,"timestamp":"2026-01-01T00:00:00Z","key":"k",
             "headers":{"source":"web"},"value":{"id":"o-7","total":%s,"items":[{"sku":"a"}]}}
            """;

    private static Mapped map(String trigger, String total) throws Exception {
        var mapping = Mapping.of("t", JSON.readTree(trigger.replace('\'', '"')));
        return mapping.map(Document.parse(RECORD.formatted(total)), Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** {@code skip}, an error, or the input and the key. */
    private static String told(Mapped mapped) {
        return switch (mapped) {
            case Mapped.Skip() -> "skip";
            case Mapped.Impossible(var error, var _) -> error;
            case Mapped.Start(var input, var key) ->
                input.toString().replace('"', '\'')
                        + key.map(text -> " by " + text).orElse("");
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                                              | 5   | {'id':'o-7','total':5,'items':[{'sku':'a'}]}
            {'input':'$.value.total'}                                                       | 1.0 | 1.0
            {'input':{'order.$':'$.value.id','from':'shop'},'key':'$.value.id'}             | 5   | {'order':'o-7','from':'shop'} by o-7
            {'filter':{'Variable':'$.value.total','NumericGreaterThan':100}}                | 5   | skip
            {'filter':{'Variable':'$.value.total','NumericGreaterThan':100},'input':'$.key'} | 500 | 'k'
            {'filter':{'And':[{'Variable':'$.headers.source','StringEquals':'web'},{'Variable':'$.value.total','IsNumeric':true}]},'input':'$.offset'} | 1 | 17
            {'input':'$.value.missing'}                                                     | 5   | States.Runtime
            {'input':'$.value.id','key':'$.value.items'}                                    | 5   | States.QueryEvaluationError
            {'queryLanguage':'JSONata'}                                                     | 5   | {'id':'o-7','total':5,'items':[{'sku':'a'}]}
            {'queryLanguage':'JSONata','filter':'{% $states.input.value.total > 100 %}'}    | 5   | skip
            {'queryLanguage':'JSONata','filter':'{% $states.input.value.total > 100 %}','input':{'n':'{% $states.input.value.total * 2 %}'},'key':'{% $states.input.value.id %}'} | 101 | {'n':202} by o-7
            {'queryLanguage':'JSONata','filter':'{% $states.input.value.total %}'}          | 5   | States.QueryEvaluationError
            {'queryLanguage':'JSONata','input':'{% $states.input.value.missing %}'}         | 5   | States.QueryEvaluationError
            """)
    void mappings(String trigger, String total, String expected) throws Exception {
        assertThat(told(map(trigger, total))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            not JSON                                                            | no JSON
            {'triggers':[]}                                                     | there is no trigger
            {'triggers':[{'name':'a b','topic':'t','stateMachine':'m'}]}        | a trigger's name is 1 to 40 letters
            {'triggers':[{'name':'a','stateMachine':'m'}]}                      | trigger a has no 'topic'
            {'triggers':[{'name':'a','topic':'t','stateMachine':'m','mapping':1}]} | has a field 'mapping', which none has
            {'triggers':[{'name':'a','topic':'t','stateMachine':'m','format':'xml'}]} | must be one of [JSON, STRING, AVRO], not XML
            {'triggers':[{'name':'a','topic':'t','stateMachine':'m','queryLanguage':'SQL'}]} | must be JSONPath or JSONata, not SQL
            {'triggers':[{'name':'a','topic':'t','stateMachine':'m','filter':'$.value'}]} | 'filter' must be a Choice rule
            {'triggers':[{'name':'a','topic':'t','stateMachine':'m','input':'$.value['}]} | trigger a is not valid
            {'triggers':[{'name':'a','topic':'t','stateMachine':'m'},{'name':'a','topic':'t','stateMachine':'m'}]} | two triggers are named a
            """)
    void whatIsNoTriggerIsSaid(String file, String because) {
        assertThatThrownBy(() -> Trigger.read(file.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(because);
    }

    @Test
    void theExampleIsValid() throws Exception {
        var triggers = Trigger.read(Files.readString(Path.of("../examples/triggers/triggers.json")));
        assertThat(triggers).extracting(Trigger::name).containsExactly("large-orders", "payments");
        assertThat(triggers.getFirst().from()).isEqualTo(Trigger.From.EARLIEST);
        assertThat(Optional.of(triggers.getLast().format())).contains(RecordFormat.AVRO);
    }
}
