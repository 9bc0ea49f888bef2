package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramePathTest {

    @Test
    void leadsDownAndUp() {
        var grandchild = FramePath.ROOT.child(0).child(12);
        assertThat(grandchild.text()).isEqualTo("/0/12/");
        assertThat(grandchild.index()).isEqualTo(12);
        assertThat(grandchild.parent()).isEqualTo(new FramePath("/0/"));
        assertThat(grandchild.parent().parent()).isEqualTo(FramePath.ROOT);
        assertThat(FramePath.ROOT.depth()).isZero();
        assertThat(grandchild.depth()).isEqualTo(2);
        assertThat(FramePath.ROOT.isRoot()).isTrue();
        assertThat(grandchild.isRoot()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0/", "/0", "//", "/a/"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> new FramePath(text)).hasMessageContaining("not a frame path");
    }
}
