package io.stepstream.audit.verify;

import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that an execution's steps give: a hash of all fields, which shows whether one is different, and a checksum of each, which
 * shows where; so that a million of them, payloads and all, take little.
 *
 * @param given in the order of their steps
 */
record ExpectedStatus(List<Given> given) {
    /** What nobody can tell who has no key. */
    static final Set<String> DATA = Set.of("input", "output", "error", "cause");

    /** What a record tells only by being run again. */
    static final Set<String> OF_A_RUN = Set.of("input", "output", "error", "cause", "mapRunArn", "itemCount");

    private static final int HASH_BYTES = 16;
    private static final List<Schema.Field> FIELDS =
            ExecutionStatus.getClassSchema().getFields();
    private static final int BYTES = Long.BYTES + Integer.BYTES + HASH_BYTES + FIELDS.size() * Integer.BYTES;

    /**
     * One of them.
     *
     * @param known the fields that are known, a bit each in the schema's order; what follows is of those alone
     * @param hash of all of them
     * @param sums CRC-32C of each
     */
    record Given(long step, int known, byte[] hash, int[] sums) {}

    static final ExpectedStatus NONE = new ExpectedStatus(List.of());

    static ExpectedStatus of(byte[] bytes) {
        var from = ByteBuffer.wrap(bytes);
        var given = new ArrayList<Given>();
        while (from.hasRemaining()) {
            var step = from.getLong();
            var known = from.getInt();
            var hash = new byte[HASH_BYTES];
            from.get(hash);
            var sums = new int[FIELDS.size()];
            for (var i = 0; i < sums.length; i++) {
                sums[i] = from.getInt();
            }
            given.add(new Given(step, known, hash, sums));
        }
        return new ExpectedStatus(given);
    }

    byte[] bytes() {
        var to = ByteBuffer.allocate(given.size() * BYTES);
        for (var one : given) {
            to.putLong(one.step()).putInt(one.known()).put(one.hash());
            for (var sum : one.sums()) {
                to.putInt(sum);
            }
        }
        return to.array();
    }

    /** These, and one more, of which some fields are not known. */
    ExpectedStatus and(ExecutionStatus status, Set<String> unknown) {
        var more = new ArrayList<>(given);
        more.add(given(status, known(unknown)));
        return new ExpectedStatus(more);
    }

    /** The fields in which a status differs from that of its step; absent if no step that makes one has its number. */
    Optional<List<String>> differences(ExecutionStatus status) {
        return given.stream()
                .filter(one -> one.step() == status.getStep())
                .findFirst()
                .map(one -> differences(one, given(status, one.known())));
    }

    /** Those of a step and later ones. */
    ExpectedStatus from(long step) {
        return new ExpectedStatus(
                given.stream().filter(one -> one.step() >= step).toList());
    }

    /** The step of the first of them; 0 if there is none. */
    long first() {
        return given.isEmpty() ? 0 : given.getFirst().step();
    }

    /** The step of the last of them; 0 if there is none. */
    long last() {
        return given.isEmpty() ? 0 : given.getLast().step();
    }

    private static List<String> differences(Given own, Given other) {
        if (Arrays.equals(own.hash(), other.hash())) {
            return List.of();
        }
        var known = FIELDS.stream().filter(field -> isKnown(own.known(), field)).toList();
        var differing = known.stream()
                .filter(field -> own.sums()[field.pos()] != other.sums()[field.pos()])
                .toList();
        // Whoever changes something so that its checksum stays leaves it open where it was.
        return (differing.isEmpty() ? known : differing)
                .stream().map(Schema.Field::name).toList();
    }

    private static int known(Set<String> unknown) {
        return FIELDS.stream()
                .filter(field -> !unknown.contains(field.name()))
                .mapToInt(field -> 1 << field.pos())
                .sum();
    }

    private static boolean isKnown(int known, Schema.Field field) {
        return (known & 1 << field.pos()) != 0;
    }

    private static Given given(ExecutionStatus status, int known) {
        var sha256 = Sha256.digest();
        var sums = new int[FIELDS.size()];
        var sum = new CRC32C();
        var length = ByteBuffer.allocate(Integer.BYTES);
        for (var field : FIELDS) {
            if (isKnown(known, field)) {
                var text = text(status.get(field.pos()));
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                sum.reset();
                sum.update(bytes);
                sums[field.pos()] = (int) sum.getValue();
                sha256.update(length.clear().putInt(bytes.length).flip());
                sha256.update(bytes);
            }
        }
        return new Given(status.getStep(), known, Arrays.copyOf(sha256.digest(), HASH_BYTES), sums);
    }

    /** As it is told apart from any other value of its field; Avro's own text of a record, or that of a time, is slow to make. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "absent";
            case String text -> "text " + text;
            case Instant time -> Long.toString(time.toEpochMilli());
            case Payload payload when payload.getContent() instanceof String json -> "json " + json;
            default -> value.toString();
        };
    }
}
