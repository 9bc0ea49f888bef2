package io.stepstream.audit.verify;

import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The end of the chain of an execution whose steps are not run any more.
 *
 * @param why why they are not
 */
record Tail(Chain chain, Obstacle why) {

    static Tail of(byte[] bytes) {
        var from = ByteBuffer.wrap(bytes);
        var step = from.getLong();
        var at = Instant.ofEpochMilli(from.getLong());
        var why = Obstacle.values()[from.get()];
        var hash = new byte[from.remaining()];
        from.get(hash);
        return new Tail(new Chain(step, HexFormat.of().formatHex(hash), at), why);
    }

    byte[] bytes() {
        var hash = HexFormat.of().parseHex(chain.hash());
        return ByteBuffer.allocate(2 * Long.BYTES + 1 + hash.length)
                .putLong(chain.step())
                .putLong(chain.at().toEpochMilli())
                .put((byte) why.ordinal())
                .put(hash)
                .array();
    }
}
