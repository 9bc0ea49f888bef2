package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers over HTTP and over Kafka that serve one name. */
@ExtendWith(SharedStack.class)
class SharedTasksIT {
    /** The broker gives a record to somebody else once it was held for 30 s: what comes sooner was never held. */
    private static final Duration BEFORE_LOCKS_END = Duration.ofSeconds(25);

    private final Stack stack;

    SharedTasksIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    void theGatewayTakesNoMoreTasksThanCallsAreWaiting() throws Exception {
        var flow = new Flow(stack.api);
        // All of them in one batch of records.
        flow.started("shared-tasks", """
                {'StartAt':'Each','States':{'Each':{'Type':'Map','End':true,'ItemProcessor':{'StartAt':'Work','States':{
                  'Work':{'Type':'Task','Resource':'arn:stepstream:kafka:::shared-task.waitForTaskToken','End':true}}}}}}
                """, "[1,2,3,4]");
        assertThat(flow.token("shared-task")).isNotEmpty();
        var others = new HashSet<Long>();
        try (var worker = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "group.id", Topics.workerGroup("shared-task")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            worker.subscribe(List.of(Topics.taskRequests("shared-task")));
            var until = System.nanoTime() + BEFORE_LOCKS_END.toNanos();
            while (others.size() < 3 && System.nanoTime() < until) {
                worker.poll(Duration.ofMillis(200))
                        .forEach(request -> others.add(request.partition() * 1000L + request.offset()));
            }
        }
        assertThat(others).hasSize(3);
    }
}
