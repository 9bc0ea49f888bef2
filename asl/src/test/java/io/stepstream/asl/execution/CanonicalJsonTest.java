package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The digests of all histories depend on this form: it is that of Jackson's trees, for every character. */
class CanonicalJsonTest {
    private static final int ROUNDS = 500;
    private static final String CHARACTERS = "a\"\\/\b\f\n\r\t\u0000\u001f\u007f\u00e9\u2028\ud83d\ude00\ud800<>&'{[";

    @Test
    void isWrittenAsJacksonWritesTrees() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var round = 0; round < ROUNDS; round++) {
            var canonical = new CanonicalJson();
            var tree = JsonNodeFactory.instance.arrayNode();
            for (var i = random.nextInt(3); i > 0; i--) {
                var members = random.nextInt(3);
                var field = text(random);
                var value = text(random);
                var number = random.nextLong();
                canonical.element(object -> {
                    for (var m = 0; m < members; m++) {
                        object.put(m + field, value)
                                .put(m + "n", number)
                                .object(m + "o", nested -> nested.put(field, value));
                        object.object(m + "empty", nested -> {});
                    }
                });
                var object = tree.addObject();
                for (var m = 0; m < members; m++) {
                    object.put(m + field, value).put(m + "n", number);
                    object.putObject(m + "o").put(field, value);
                    object.putObject(m + "empty");
                }
            }
            assertThat(canonical.text()).as("seed %d", seed).isEqualTo(tree.toString());
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (var i = random.nextInt(6); i > 0; i--) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }
}
