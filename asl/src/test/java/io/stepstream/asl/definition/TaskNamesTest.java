package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // what the definition tells
                "'Parameters':{'FunctionName':'f'}                                      | f",
                "'Parameters':{'FunctionName.$':'$.f'}                                  | ``",
                "'QueryLanguage':'JSONata','Arguments':{'FunctionName':'f'}             | f",
                // what only a run can tell
                "'QueryLanguage':'JSONata','Arguments':{'FunctionName':'{% $states.input.f %}'} | ``",
                "'QueryLanguage':'JSONata','Arguments':'{% $states.input %}'            | ``",
            })
    void areThoseThatTheDefinitionTells(String fields, String name) {
        var text =
                "{'StartAt':'T','States':{'T':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke',%s,'End':true}}}"
                        .formatted(fields)
                        .replace('\'', '"');
        assertThat(StateMachine.parse(text))
                .isInstanceOfSatisfying(
                        Parsed.Valid.class,
                        valid -> assertThat(valid.machine().taskNames())
                                .isEqualTo(name.isEmpty() ? Set.of() : Set.of(name)));
    }
}
