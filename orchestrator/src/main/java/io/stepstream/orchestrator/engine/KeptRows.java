package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.avro.KeptRecord;
import io.stepstream.schemas.MasterKeys;
import org.apache.kafka.common.utils.Bytes;

/**
 * Input records that are kept in a store until they can be handled. Nobody knows yet whether they are of a sealed execution: where anything can be
 * sealed they are, under the master key.
 */
record KeptRows(MasterKeys masterKeys) {

    byte[] encode(Bytes key, KeptRecord row) {
        var bytes = OtherRows.encode(row);
        return masterKeys.canSeal() ? MasterSealed.seal(masterKeys, key, bytes) : bytes;
    }

    KeptRecord decode(Bytes key, byte[] row) throws NotYet {
        return OtherRows.kept(MasterSealed.open(masterKeys, key, row));
    }
}
