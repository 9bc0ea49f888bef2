package io.stepstream.audit.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.avro.AuditCheckpoint;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a checkpoint says, and how it is signed.
 *
 * @param sequence from 1, without gaps, within the partition
 * @param from offset of the first record that the digest is over
 * @param offset the digest is over the records before this one
 * @param digest hexadecimal
 * @param previous hex SHA-256 over what the previous checkpoint signs; empty in the first
 */
public record Statement(
        String topic,
        int partition,
        long sequence,
        long from,
        long offset,
        long records,
        String digest,
        String previous,
        Instant at) {

    /** The statement of a record, whoever has signed it. */
    public static Statement of(AuditCheckpoint checkpoint) {
        return new Statement(
                checkpoint.getTopic(),
                checkpoint.getPartition(),
                checkpoint.getSequence(),
                checkpoint.getFrom(),
                checkpoint.getOffset(),
                checkpoint.getRecords(),
                HexFormat.of().formatHex(bytes(checkpoint.getDigest())),
                HexFormat.of().formatHex(bytes(checkpoint.getPrevious())),
                checkpoint.getAt());
    }

    /** This statement, signed. */
    public AuditCheckpoint sign(SigningKeys.Signer signer) {
        return new AuditCheckpoint(
                topic,
                partition,
                sequence,
                from,
                offset,
                records,
                ByteBuffer.wrap(HexFormat.of().parseHex(digest)),
                ByteBuffer.wrap(HexFormat.of().parseHex(previous)),
                at,
                signer.keyId(),
                ByteBuffer.wrap(signer.sign(signed())));
    }

    /** Whether the record is signed by this key, and says this. */
    public boolean isSigned(AuditCheckpoint checkpoint, SigningKeys.Verifier verifier) {
        return verifier.keyId().equals(checkpoint.getKeyId())
                && verifier.isSigned(signed(), bytes(checkpoint.getSignature()));
    }

    /** Hex SHA-256 of what is signed: what the next checkpoint names this one by. */
    public String hash() {
        return HexFormat.of().formatHex(PartitionDigest.sha256().digest(signed()));
    }

    /** The digest, to go on with. */
    public PartitionDigest resume() {
        return new PartitionDigest(HexFormat.of().parseHex(digest), records);
    }

    /** The text that is signed: one line a field, in a fixed order, so that any tool can make it. */
    private byte[] signed() {
        return String.join(
                        "\n",
                        "stepstream audit checkpoint 1",
                        topic,
                        Integer.toString(partition),
                        Long.toString(sequence),
                        Long.toString(from),
                        Long.toString(offset),
                        Long.toString(records),
                        digest,
                        previous,
                        Long.toString(at.toEpochMilli()),
                        "")
                .getBytes(UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
