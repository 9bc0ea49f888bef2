package io.stepstream.integrations.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.worker.TaskOutcome;
import io.stepstream.worker.Worker;
import io.stepstream.worker.WorkerTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Messages of the three services, as records. */
class PublisherTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final WorkerTest test = WorkerTest.of(
            Worker.builder().task("orders-queue", JsonNode.class, new Publisher(producer, "shop.orders")));

    private WorkerTest.Asked ask(String parameters) throws Exception {
        var asked = test.request("orders-queue", JSON.readTree(parameters.replace('\'', '"')));
        assertThat(asked.outcome()).isNotNull();
        return asked;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
        return Stream.of(record.headers().toArray())
                .filter(header -> !header.key().equals("MessageId"))
                .map(header -> header.key() + "=" + text(header.value()))
                .toList();
    }

    @Test
    void aMessageToAQueue() throws Exception {
        var asked = ask("{'QueueUrl':'https://sqs.us-east-1.amazonaws.com/1/orders-queue','MessageBody':{'id':7},"
                + "'MessageGroupId':'g','MessageAttributes':{'kind':{'DataType':'String','StringValue':'new'}}}");
        var record = producer.history().getFirst();
        assertThat(record.topic()).isEqualTo("shop.orders");
        assertThat(text(record.key())).isEqualTo("g");
        assertThat(text(record.value())).isEqualTo("{\"id\":7}");
        assertThat(headers(record)).containsExactly("kind=new");
        // md5sum of {"id":7}
        assertThat(asked.output().path("MD5OfMessageBody").asText()).matches("[0-9a-f]{32}");
        assertThat(asked.output().path("MessageId").asText())
                .isEqualTo(text(record.headers().lastHeader("MessageId").value()));
    }

    @Test
    void aRedeliveredRequestSendsTheSameMessageId() throws Exception {
        var first = ask("{'MessageBody':'x'}");
        assertThat(first.again().output()).isEqualTo(first.output());
        assertThat(ask("{'MessageBody':'x'}").output()).isNotEqualTo(first.output());
    }

    @Test
    void aNotificationOfATopic() throws Exception {
        var asked = ask("{'TopicArn':'arn:aws:sns:us-east-1:1:orders-queue','Subject':'Hi','Message':'text'}");
        var record = producer.history().getFirst();
        assertThat(text(record.value())).isEqualTo("text");
        assertThat(text(record.key())).startsWith("arn:aws:states:");
        assertThat(headers(record)).containsExactly("Subject=Hi");
        assertThat(asked.output().fieldNames()).toIterable().containsExactly("MessageId");
    }

    @Test
    void eventsOfABus() throws Exception {
        var asked = ask("{'Entries':[{'Detail':{'n':1},'DetailType':'T','Source':'s','EventBusName':'orders-queue'},"
                + "{'Detail':{'n':2},'DetailType':'T','Source':'s','EventBusName':'orders-queue'}]}");
        assertThat(producer.history())
                .extracting(record -> text(record.value()))
                .containsExactly("{\"n\":1}", "{\"n\":2}");
        assertThat(headers(producer.history().getFirst())).containsExactly("Source=s", "DetailType=T");
        assertThat(asked.output().path("FailedEntryCount").asInt()).isZero();
        assertThat(asked.output().path("Entries")).hasSize(2);
    }

    @Test
    void whatIsNoMessageAndATopicThatIsNotThere() throws Exception {
        assertThat(ask("{'Body':'x'}").outcome())
                .isInstanceOfSatisfying(
                        TaskOutcome.DeadLettered.class,
                        it -> assertThat(it.cause()).contains("neither MessageBody (sqs:sendMessage)"));
        producer.sendException = new UnknownTopicOrPartitionException("no such topic");
        assertThat(ask("{'MessageBody':'x'}").outcome())
                .isInstanceOfSatisfying(
                        TaskOutcome.Failed.class, it -> assertThat(it.error()).isEqualTo("Stepstream.PublishFailed"));
    }

    @Test
    void theEnginesOwnTopicsCannotBeMapped() {
        var properties = new Properties();
        properties.putAll(Map.of(
                "stepstream.bootstrap.servers", "localhost:1",
                "stepstream.registry", "http://localhost:2",
                "stepstream.publish.topics", "a=stepstream.commands"));
        assertThatThrownBy(() -> new PublishProcess(properties, Map.of()).settings())
                .hasMessageContaining("maps a to stepstream.commands")
                .hasMessageContaining("are the engine's");
        properties.remove("stepstream.publish.topics");
        assertThatThrownBy(() -> new PublishProcess(properties, Map.of()).settings())
                .hasMessageContaining("give stepstream.publish.topics");
    }
}
