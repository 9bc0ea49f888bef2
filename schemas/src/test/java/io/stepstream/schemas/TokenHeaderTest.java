package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.DefaultRecord;
import org.junit.jupiter.api.Test;

/** What the token's header adds to a task request in the log, as nothing of ours is compressed. */
class TokenHeaderTest {

    @Test
    void aTokenInAHeaderIs91BytesARequest() {
        var id = Arns.executionId("arn:aws:states:us-east-1:000000000000:execution:order:o-1");
        var token = TokenKeys.generate().sign(new TaskToken(id, 3, "0123456789abcdef"));
        var header = new RecordHeader(Topics.TOKEN_HEADER, token.getBytes(UTF_8));
        // The length of the name is a byte, that of the value two.
        assertThat(bytes(id, header) - bytes(id))
                .isEqualTo(3 + Topics.TOKEN_HEADER.length() + token.length())
                .isEqualTo(91);
    }

    /** Of a record of 600 bytes: the length of a record is told in two bytes with and without the header. */
    private static int bytes(String key, Header... headers) {
        return DefaultRecord.sizeInBytes(1, 1, ByteBuffer.wrap(key.getBytes(UTF_8)), ByteBuffer.allocate(600), headers);
    }
}
