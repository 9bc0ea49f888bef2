package io.stepstream.schemas;

import io.stepstream.schemas.avro.AuditCheckpoint;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.avro.ViewsGeneration;
import io.stepstream.schemas.avro.WrappedKey;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Records of every type that is on a topic, with any content that its schema allows. */
final class SampleRecords {

    static {
        TrustedRecords.trust();
    }

    private static final List<Class<? extends SpecificRecord>> TYPES = List.of(
            Command.class,
            TaskResult.class,
            Internal.class,
            TaskRequest.class,
            HistoryRecord.class,
            ExecutionStatus.class,
            Verdict.class,
            Definition.class,
            DeadLetter.class,
            WrappedKey.class,
            ViewsGeneration.class,
            AuditCheckpoint.class);

    private SampleRecords() {}

    static Stream<Schema> schemas() {
        return TYPES.stream().map(type -> SpecificData.get().getSchema(type));
    }

    static Stream<Class<? extends SpecificRecord>> classes() {
        return TYPES.stream();
    }

    static SpecificRecord any(Class<? extends SpecificRecord> type, Random random) {
        return record(SpecificData.get().getSchema(type), random);
    }

    private static SpecificRecord record(Schema schema, Random random) {
        SpecificRecord record =
                (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
        schema.getFields().forEach(field -> record.put(field.pos(), any(field.schema(), random)));
        return record;
    }

    private static @Nullable Object any(Schema schema, Random random) {
        return switch (schema.getType()) {
            case RECORD -> record(schema, random);
            case UNION ->
                any(schema.getTypes().get(random.nextInt(schema.getTypes().size())), random);
            case ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(any(schema.getElementType(), random));
                }
                yield items;
            }
            case STRING ->
                new BigInteger(random.nextInt(120), random).toString(36) + (random.nextBoolean() ? "é😀\"" : "");
            case BYTES -> {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                yield ByteBuffer.wrap(bytes);
            }
            case INT -> random.nextInt();
            case LONG -> {
                LogicalType logical = schema.getLogicalType();
                yield logical == null ? random.nextLong() : Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
            }
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
            case ENUM ->
                Enum.valueOf(
                        SpecificData.get().getClass(schema).asSubclass(Enum.class),
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case MAP -> {
                Map<String, @Nullable Object> entries = new HashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    entries.put("key " + i, any(schema.getValueType(), random));
                }
                yield entries;
            }
            case DOUBLE -> random.nextDouble();
            case FIXED, FLOAT -> throw new IllegalStateException("No record of ours has a " + schema.getType());
        };
    }
}
