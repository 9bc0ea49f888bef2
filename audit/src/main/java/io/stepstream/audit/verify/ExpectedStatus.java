package io.stepstream.audit.verify;

import io.stepstream.schemas.avro.ExecutionStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/**
 * The statuses that an execution's steps give: of each field a hash, so that a million of them, payloads and all, take little.
 *
 * @param given in the order of their steps
 */
record ExpectedStatus(List<Given> given) {
    /** What nobody can tell who has no key. */
    static final Set<String> DATA = Set.of("input", "output", "error", "cause");

    private static final int HASH_BYTES = 8;
    private static final int FIELDS =
            ExecutionStatus.getClassSchema().getFields().size();
    private static final int BYTES = Long.BYTES + FIELDS * HASH_BYTES;
    private static final byte[] UNKNOWN = new byte[HASH_BYTES];

    /**
     * One of them.
     *
     * @param hashes of the record's fields, in the schema's order; zero for a field that is not known
     */
    record Given(long step, byte[] hashes) {}

    static final ExpectedStatus NONE = new ExpectedStatus(List.of());

    static Bytes key(String executionId) {
        return AuditKeys.of(executionId, 's');
    }

    static ExpectedStatus of(byte[] bytes) {
        var from = ByteBuffer.wrap(bytes);
        var given = new ArrayList<Given>();
        while (from.hasRemaining()) {
            var step = from.getLong();
            var hashes = new byte[FIELDS * HASH_BYTES];
            from.get(hashes);
            given.add(new Given(step, hashes));
        }
        return new ExpectedStatus(given);
    }

    byte[] bytes() {
        var to = ByteBuffer.allocate(given.size() * BYTES);
        given.forEach(one -> to.putLong(one.step()).put(one.hashes()));
        return to.array();
    }

    /** These, and one more, of which some fields are not known. */
    ExpectedStatus and(ExecutionStatus status, Set<String> unknown) {
        var more = new ArrayList<>(given);
        more.add(new Given(status.getStep(), hashes(status, unknown)));
        return new ExpectedStatus(more);
    }

    /** The fields in which a status differs from that of its step; absent if no step that makes one has its number. */
    Optional<List<String>> differences(ExecutionStatus status) {
        return given.stream()
                .filter(one -> one.step() == status.getStep())
                .findFirst()
                .map(one -> differences(one.hashes(), hashes(status, Set.of())));
    }

    /** The step of the last of them; 0 if there is none. */
    long last() {
        return given.isEmpty() ? 0 : given.getLast().step();
    }

    private static List<String> differences(byte[] own, byte[] other) {
        var differing = new ArrayList<String>();
        for (var field : ExecutionStatus.getClassSchema().getFields()) {
            var from = field.pos() * HASH_BYTES;
            if (!Arrays.equals(own, from, from + HASH_BYTES, other, from, from + HASH_BYTES)
                    && !Arrays.equals(own, from, from + HASH_BYTES, UNKNOWN, 0, HASH_BYTES)) {
                differing.add(field.name());
            }
        }
        return differing;
    }

    private static byte[] hashes(ExecutionStatus status, Set<String> unknown) {
        var sha256 = Sha256.digest();
        var hashes = ByteBuffer.allocate(FIELDS * HASH_BYTES);
        for (var field : status.getSchema().getFields()) {
            hashes.put(
                    unknown.contains(field.name())
                            ? UNKNOWN
                            : Arrays.copyOf(
                                    sha256.digest(String.valueOf(status.get(field.pos()))
                                            .getBytes(StandardCharsets.UTF_8)),
                                    HASH_BYTES));
        }
        return hashes.array();
    }
}
