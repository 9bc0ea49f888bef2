package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.avro.KeptRecord;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.MissingMasterKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Input records that are kept in a store until they can be handled. Nobody knows yet whether they are of a sealed execution: where anything can be
 * sealed they are, under the master key, after a byte that no other row begins with.
 */
record KeptRows(MasterKeys masterKeys) {

    private static final byte SEALED = 'M';

    byte[] encode(Bytes key, KeptRecord row) {
        var bytes = OtherRows.encode(row);
        if (!masterKeys.canSeal()) {
            return bytes;
        }
        var sealed = masterKeys.seal(place(key), bytes);
        return ByteBuffer.allocate(1 + sealed.length).put(SEALED).put(sealed).array();
    }

    KeptRecord decode(Bytes key, byte[] row) throws NotYet {
        if (row[0] != SEALED) {
            return OtherRows.kept(row);
        }
        try {
            return OtherRows.kept(masterKeys.open(place(key), Arrays.copyOfRange(row, 1, row.length)));
        } catch (MissingMasterKey e) {
            throw new NotYet(String.valueOf(e.getMessage()), e);
        }
    }

    private static String place(Bytes key) {
        return "kept row " + key;
    }
}
