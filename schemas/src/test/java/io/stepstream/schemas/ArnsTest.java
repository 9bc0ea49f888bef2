package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArnsTest {

    @Test
    void arns_have_the_shape_of_aws() {
        Arns arns = Arns.DEFAULT;
        assertThat(arns.stateMachine("approval"))
                .isEqualTo("arn:aws:states:us-east-1:000000000000:stateMachine:approval");
        assertThat(arns.execution("approval", "r-1"))
                .isEqualTo("arn:aws:states:us-east-1:000000000000:execution:approval:r-1");
        assertThat(arns.activity("charge")).isEqualTo("arn:aws:states:us-east-1:000000000000:activity:charge");
        assertThat(new Arns("aws-cn", "cn-north-1", "123456789012").activity("charge"))
                .isEqualTo("arn:aws-cn:states:cn-north-1:123456789012:activity:charge");
    }

    /** Checked with {@code printf '%s' "$arn" | sha256sum | cut -c1-32}: it is the key of everything, and never changes. */
    @Test
    void an_execution_id_is_half_of_the_sha_256_of_its_arn() {
        assertThat(Arns.executionId("arn:aws:states:us-east-1:000000000000:execution:approval:r-1"))
                .isEqualTo("4b4f0214a9d5d01e54e6f8c9b60e5229");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:states:us-east-1:000000000000:stateMachine:approval",
                "arn:aws:states:us-east-1:000000000000:execution:approval:r-1",
                "arn:aws:states:us-east-1:000000000000:activity:charge",
                "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:a.b:été"
            })
    void what_is_parsed_gives_the_same_text(String arn) {
        assertThat(StatesArn.parse(arn).map(StatesArn::text)).contains(arn);
    }

    @Test
    void an_execution_is_parsed_into_its_names() {
        assertThat(StatesArn.parse("arn:aws:states:eu-west-1:123456789012:execution:approval:r-1"))
                .isEqualTo(Optional.of(
                        new StatesArn.Execution(
                                new Arns("aws", "eu-west-1", "123456789012"), "approval", Optional.empty(), "r-1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "arn",
                "arn:aws:states:us-east-1:000000000000:stateMachine",
                "arn:aws:states:us-east-1:000000000000:stateMachine:",
                "arn:aws:states:us-east-1:000000000000:stateMachine:a:b",
                "arn:aws:states:us-east-1:000000000000:execution:a",
                "arn:aws:states:us-east-1:000000000000:execution:a:b:c",
                "arn:aws:states:us-east-1:000000000000:label:a",
                "arn:aws:states:us-east-1:0000:activity:a",
                "arn:aws:lambda:us-east-1:000000000000:function:a",
                "urn:aws:states:us-east-1:000000000000:activity:a",
                "arn:aws:states:us-east-1:000000000000:activity:a b"
            })
    void what_is_no_arn_of_ours_is_not_parsed(String arn) {
        assertThat(StatesArn.parse(arn)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "a|true", "Approve-2_b.c+d@e|true", "été|true", "a b|false", "a/b|false", "a:b|false", "a*|false",
                        "a?|false",
                "a$|false", "a\u0007b|false", "a\u009fb|false", "a\u00a0b|false", "a[|false", "a{}|false", "a\"|false",
                        "a~|false"
            })
    void names_follow_aws(String name, boolean allowed) {
        assertThat(Arns.isName(name)).isEqualTo(allowed);
    }

    @Test
    void names_have_1_to_80_characters() {
        assertThat(Arns.isName("")).isFalse();
        assertThat(Arns.isName("x".repeat(80))).isTrue();
        assertThat(Arns.isName("x".repeat(81))).isFalse();
    }

    @Test
    void settings_that_make_no_arn_are_refused() {
        assertThatThrownBy(() -> new Arns("aws", "us-east-1", "42"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("account (12 digits)");
    }
}
