package io.stepstream.asl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;

class DocumentTest {

    @Test
    void aTextThatIsNestedTooDeepIsNone() throws MalformedJson {
        assertThat(Document.parse("[".repeat(500) + "]".repeat(500)).bytes()).isEqualTo(1_000);
        assertThatThrownBy(() -> Document.parse("[".repeat(501) + "]".repeat(501)))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("deeper than 500");
    }

    @Test
    void aTreeThatIsNestedTooDeepToBeWrittenIsLargerThanAnyLimit() {
        var tree = JsonNodeFactory.instance.arrayNode();
        for (var depth = 1; depth < 3_000; depth++) {
            tree = JsonNodeFactory.instance.arrayNode().add(tree);
        }
        assertThat(Document.of(tree).bytes()).isEqualTo(Integer.MAX_VALUE);
    }
}
