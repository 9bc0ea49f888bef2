package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.avro.QueuedTurn;
import io.stepstream.schemas.MasterKeys;
import org.apache.kafka.common.utils.Bytes;

/**
 * What waits for its turn, as it is kept: a request of a sealed execution, whose key is in another partition, is sealed under the master key,
 * which there is where anything is sealed.
 */
record TurnRows(MasterKeys masterKeys) {

    byte[] encode(Bytes key, QueuedTurn row) throws NotYet {
        if (!row.getSealed()) {
            return OtherRows.encode(row);
        }
        if (!masterKeys.canSeal()) {
            throw new NotYet(
                    "a master key (stepstream.master.keys), which requests of sealed executions are kept under");
        }
        return MasterSealed.seal(masterKeys, key, OtherRows.encode(row));
    }

    QueuedTurn decode(Bytes key, byte[] row) throws NotYet {
        return OtherRows.queuedTurn(MasterSealed.open(masterKeys, key, row));
    }
}
