package io.stepstream.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The engine on a real broker. The tests share the broker, and come one after the other since each has its own orchestrator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EngineIT {
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task",
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";
    private static final String DEADLINE = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "TimeoutSeconds": %d,
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";

    private @Nullable Installation installation;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        installation = new Installation(folder);
    }

    @AfterAll
    void stop() {
        kafka().close();
    }

    private Installation kafka() {
        var started = installation;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    private static TaskSucceeded done(String json) {
        return new TaskSucceeded(Payloads.of(json));
    }

    @Test
    @Order(1)
    void anExecutionFromStartToEndAndAHundredStartedInOneBreath() throws Exception {
        try (var orchestrator = kafka().orchestrator()) {
            assertThat(orchestrator.obstacles()).isEmpty();
            var created = kafka().create("scene", WORK, "work");
            assertThat(created.getRefusal()).isNull();
            var started = kafka().sendStart("scene", created.getRevision(), "one", "{\"id\":1}");
            assertThat(kafka().verdict(started).getRefusal()).isNull();
            var arn = Arns.DEFAULT.execution("scene", "one");
            var request = kafka().request("work", Arns.executionId(arn));
            assertThat(Payloads.json(request.getInput())).isEqualTo("{\"id\":1}");
            var answered = kafka().answer(request, done("{\"ok\":true}"));
            assertThat(kafka().verdict(answered).getRefusal()).isNull();
            var end = kafka().end(arn);
            assertThat(end.getStatus()).isEqualTo("SUCCEEDED");
            assertThat(Payloads.json(end.getOutput())).isEqualTo("{\"ok\":true}");

            createdAndStartedInOneBreath(created.getRevision().length());
            aResultInTheWrongPartitionIsMovedAndAForgedTokenIsNot(created.getRevision());
        }
    }

    private void createdAndStartedInOneBreath(int digits) {
        var starts = new ArrayList<String>();
        for (var i = 0; i < 100; i++) {
            var definition = WORK.replace("\"End\": true", "\"Comment\": \"" + i + "\", \"End\": true");
            var created = i == 0
                    ? kafka().sendCreate("breath-" + i, definition, "breath")
                    : kafka().sendCreate("breath-" + i, definition);
            assertThat(created).isNotEmpty();
            starts.add(kafka().sendStart("breath-" + i, revision(definition, digits), "run", "{}"));
        }
        for (var start : starts) {
            assertThat(kafka().verdict(start).getRefusal()).isNull();
        }
    }

    private static String revision(String definition, int digits) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest((definition.length() + " " + definition + Installation.ROLE + " {}").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void aResultInTheWrongPartitionIsMovedAndAForgedTokenIsNot(String revision) {
        kafka().sendStart("scene", revision, "astray", "{}");
        var arn = Arns.DEFAULT.execution("scene", "astray");
        var request = kafka().request("work", Arns.executionId(arn));
        var token = request.getToken();
        var forged = token.substring(0, 40) + (token.charAt(40) == 'A' ? 'B' : 'A') + token.substring(41);
        sendAstray(request, forged);
        kafka().next(
                        Topics.DEAD_LETTERS,
                        DeadLetter.class,
                        letter -> letter.getError().equals("INVALID_TOKEN"));
        sendAstray(request, token);
        assertThat(kafka().end(arn).getStatus()).isEqualTo("SUCCEEDED");
    }

    private void sendAstray(TaskRequest request, String token) {
        var result = TaskResult.newBuilder()
                .setCaller(Caller.newBuilder().setChannel("kafka").build())
                .setToken(token)
                .setBody(done("1"))
                .build();
        kafka().send(new ProducerRecord<>(
                Topics.TASK_RESULTS,
                1 - request.getResultPartition(),
                request.getExecutionId().getBytes(StandardCharsets.UTF_8),
                kafka().codec().encode(Topics.TASK_RESULTS, result)));
    }

    @Test
    @Order(2)
    void aKilledProcessHasLostNothing() throws Exception {
        var first = kafka().process();
        var patient = kafka().create("patient", DEADLINE.formatted(3600), "work");
        var hasty = kafka().create("hasty", DEADLINE.formatted(4), "work");
        kafka().sendStart("patient", patient.getRevision(), "one", "1");
        kafka().sendStart("hasty", hasty.getRevision(), "early", "2");
        kafka().sendStart("hasty", hasty.getRevision(), "late", "3");
        var waiting = kafka().request("work", Arns.executionId(Arns.DEFAULT.execution("patient", "one")));
        var early = kafka().request("work", Arns.executionId(Arns.DEFAULT.execution("hasty", "early")));
        var late = kafka().request("work", Arns.executionId(Arns.DEFAULT.execution("hasty", "late")));
        first.destroyForcibly().waitFor();

        var inTime = kafka().answer(early, done("\"in time\""));
        var deadline = late.getDeadline();
        kafka().await(() -> deadline != null && Instant.now().isAfter(deadline.plusMillis(50)));
        var tooLate = kafka().answer(late, done("\"too late\""));

        var second = kafka().process();
        try {
            assertThat(kafka().verdict(inTime).getRefusal()).isNull();
            assertThat(kafka().end(Arns.DEFAULT.execution("hasty", "early")).getStatus())
                    .isEqualTo("SUCCEEDED");
            assertThat(kafka().verdict(tooLate).getRefusal()).isEqualTo("TASK_TIMED_OUT");
            var timedOut = kafka().end(Arns.DEFAULT.execution("hasty", "late"));
            assertThat(timedOut.getStatus()).isEqualTo("FAILED");
            assertThat(timedOut.getError()).isEqualTo("States.Timeout");
            kafka().answer(waiting, done("\"still good\""));
            assertThat(kafka().end(Arns.DEFAULT.execution("patient", "one")).getStatus())
                    .isEqualTo("SUCCEEDED");
        } finally {
            second.destroy();
            second.waitFor();
        }
    }
}
