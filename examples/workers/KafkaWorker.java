import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Does charge-card tasks over Kafka with nothing of Stepstream's: what any language with a Kafka client and Avro does.
 *
 * <p>{@code java -cp 'cli/target/lib/*' examples/workers/KafkaWorker.java localhost:9092 http://localhost:8081 [how many tasks]}
 */
public final class KafkaWorker {

    static final ObjectMapper JSON = new ObjectMapper();
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static String registry = "";

    public static void main(String[] arguments) throws Exception {
        String servers = arguments[0];
        registry = arguments[1];
        int most = arguments.length > 2 ? Integer.parseInt(arguments[2]) : Integer.MAX_VALUE;
        // The group's name is the topic's; its settings (earliest, read_committed) were made with the topic.
        String topic = "stepstream.task-requests.charge-card";
        var consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", topic, "share.acknowledgement.mode", "explicit"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        // The subject's latest schema is what the engine reads; its id goes in front of every record.
        JsonNode latest = get("/subjects/stepstream.task-results-value/versions/latest");
        var results = new Schema.Parser().parse(latest.get("schema").asText());
        try (consumer;
                producer) {
            consumer.subscribe(List.of(topic));
            for (int done = 0; done < most; ) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    GenericRecord request = read(record.value());
                    GenericRecord result = result(results, request);
                    // To the partition that the request names: other clients' partitioners are not Kafka's.
                    int partition = (int) request.get("resultPartition");
                    producer.send(new ProducerRecord<>(
                                    "stepstream.task-results",
                                    partition,
                                    record.key(),
                                    write(latest.get("id").asInt(), result)))
                            .get();
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    done++;
                }
            }
            consumer.commitSync();
        }
        System.out.println("done");
    }

    static GenericRecord result(Schema schema, GenericRecord request) throws Exception {
        String input = ((GenericRecord) request.get("input")).get("content").toString();
        int amount = JSON.readTree(input).path("amount").asInt();
        GenericRecord body;
        if (amount < 0) {
            body = new GenericData.Record(type(schema.getField("body").schema(), "TaskFailed"));
            body.put("error", "CardDeclined");
            body.put("cause", "less than nothing");
        } else {
            body = new GenericData.Record(type(schema.getField("body").schema(), "TaskSucceeded"));
            var output = new GenericData.Record(body.getSchema().getField("output").schema());
            output.put("content", "{\"charged\":true,\"by\":\"Kafka\",\"amount\":" + amount + "}");
            body.put("output", output);
        }
        var caller = new GenericData.Record(schema.getField("caller").schema());
        caller.put("principal", "kafka-example");
        caller.put("channel", "kafka");
        caller.put("address", "");
        var result = new GenericData.Record(schema);
        result.put("caller", caller);
        result.put("token", request.get("token"));
        result.put("forwarded", false);
        result.put("body", body);
        return result;
    }

    static Schema type(Schema union, String name) {
        return union.getTypes().stream().filter(it -> it.getName().equals(name)).findFirst().orElseThrow();
    }

    /** Confluent's framing: a zero byte, the id of the writer's schema in four, the record. */
    static GenericRecord read(byte[] bytes) throws Exception {
        int id = ByteBuffer.wrap(bytes).getInt(1);
        var schema = new Schema.Parser().parse(get("/schemas/ids/" + id).get("schema").asText());
        var decoder = DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null);
        return new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    }

    static byte[] write(int id, GenericRecord record) throws Exception {
        var bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    static JsonNode get(String path) throws Exception {
        var response = HTTP.send(HttpRequest.newBuilder(URI.create(registry + path)).build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
