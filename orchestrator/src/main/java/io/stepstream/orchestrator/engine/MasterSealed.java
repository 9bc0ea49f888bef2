package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.MissingMasterKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** Rows sealed under the master key, after a byte that no other row begins with: Avro's single-object encoding begins with C3. */
final class MasterSealed {

    private static final byte SEALED = 'M';

    private MasterSealed() {}

    static byte[] seal(MasterKeys masterKeys, Bytes key, byte[] bytes) {
        var sealed = masterKeys.seal(place(key), bytes);
        return ByteBuffer.allocate(1 + sealed.length).put(SEALED).put(sealed).array();
    }

    /** The row as it was; as it is, if it was not sealed. */
    static byte[] open(MasterKeys masterKeys, Bytes key, byte[] row) throws NotYet {
        if (row[0] != SEALED) {
            return row;
        }
        try {
            return masterKeys.open(place(key), Arrays.copyOfRange(row, 1, row.length));
        } catch (MissingMasterKey e) {
            throw new NotYet(String.valueOf(e.getMessage()), e);
        }
    }

    private static String place(Bytes key) {
        return "kept row " + key;
    }
}
