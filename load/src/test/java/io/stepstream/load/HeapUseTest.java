package io.stepstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeapUseTest {
    @Test
    void what_the_collector_fills_holes_with_is_not_in_use() {
        assertThat(HeapUse.liveMiB("""
                20063:
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:          4575       26214400  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
                   2:         74763       10485760  [B (java.base@25.0.3)
                   3:            12        1048576  jdk.internal.vm.FillerObject (java.base@25.0.3)
                Total         79350       37748736
                """)).hasValue(10);
        assertThat(HeapUse.liveMiB("20063:\ncom.sun.tools.attach.AttachNotSupportedException"))
                .isEmpty();
    }
}
