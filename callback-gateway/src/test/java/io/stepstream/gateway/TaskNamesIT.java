package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.gateway.engine.TaskNamePolicy;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** Task names that a definition uses: registered or refused, and those that nobody serves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskNamesIT {

    private Stack stack;

    @BeforeAll
    void start() throws Exception {
        stack = new Stack();
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    @Test
    void aNameThatNobodyHasRegisteredIsRegisteredWithItsTopicAndItsSubject() throws Exception {
        var created = create(stack.api, "registers", "unheard-of");
        assertThat(created.status()).isEqualTo(201);
        int id = new HttpSchemaRegistry(stack.registry())
                .register("stepstream.task-requests.unheard-of-value", TaskRequest.getClassSchema());
        int engines = new HttpSchemaRegistry(stack.registry())
                .register(Topics.subject(Topics.taskRequests("unheard-of")), TaskRequest.getClassSchema());
        assertThat(id).isEqualTo(engines);
    }

    @Test
    void byTheStricterPolicyItIsRefusedUntilSomebodyRegistersIt() throws Exception {
        var strict = new Api(
                stack.gateway(EdgeSettings.LOOPBACK, TaskNamePolicy.REFUSE).uri());
        var refused = create(strict, "refuses", "mistyped");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("TASK_NOT_REGISTERED: nobody has registered these task names: [mistyped]")
                .contains("register each by CreateActivity");

        assertThat(strict.aws("CreateActivity", "{'name':'mistyped'}").status()).isEqualTo(200);
        assertThat(create(strict, "refuses", "mistyped").status()).isEqualTo(201);
    }

    @Test
    void aNameWithoutAConsumerIsAWarningAndCounted() throws Exception {
        var created = create(stack.api, "alone", "nobody-does-this");
        assertThat(created.json().at("/warnings/0/code").asText()).isEqualTo("TASK_WITHOUT_WORKER");
        assertThat(created.json().at("/warnings/0/message").asText()).contains("nobody-does-this");
        assertThat(names()).contains("nobody-does-this");

        var group = Topics.workerGroup("nobody-does-this");
        try (var worker = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "group.id", group),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            worker.subscribe(List.of(Topics.taskRequests("nobody-does-this")));
            var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            do {
                worker.poll(Duration.ofMillis(100));
            } while (names().contains("nobody-does-this") && System.nanoTime() < deadline);
            assertThat(names()).doesNotContain("nobody-does-this");
            assertThat(create(stack.api, "not-alone", "nobody-does-this").json().path("warnings"))
                    .isEmpty();
        }
    }

    /** AWS's answer to an update has no place for warnings: it is in the gateway's log. */
    @Test
    void anUpdateToANameWithoutAConsumerIsAWarningInTheLog() throws Exception {
        create(stack.api, "changes", "first-name");
        var log = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.stepstream.gateway.engine.TaskNames");
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        log.addAppender(said);
        try {
            var definition =
                    "{\"StartAt\":\"Do\",\"States\":{\"Do\":{\"Type\":\"Task\",\"Resource\":\"%s\",\"End\":true}}}"
                            .formatted(Arns.DEFAULT.activity("second-name"));
            var request = JsonNodeFactory.instance
                    .objectNode()
                    .put("stateMachineArn", Arns.DEFAULT.stateMachine("changes"))
                    .put("definition", definition);
            var updated = stack.api.aws("UpdateStateMachine", request.toString());
            assertThat(updated.status()).as(updated.text()).isEqualTo(200);
        } finally {
            log.detachAppender(said);
        }
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("Nobody takes the requests of task second-name");
    }

    private static List<String> names() throws Exception {
        var metric = new ObjectName("stepstream:type=tasks-without-worker,gateway=\"gateway-it-0\"");
        return List.of((String[]) ManagementFactory.getPlatformMBeanServer().getAttribute(metric, "Names"));
    }

    private static Api.Reply create(Api api, String machine, String task) throws Exception {
        return api.send("POST", "/v1/state-machines", """
                {"name": "%s", "definition": {"StartAt": "Do", "States": {"Do": {
                  "Type": "Task", "Resource": "%s", "End": true}}}}
                """.formatted(machine, Arns.DEFAULT.activity(task)));
    }
}
