package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The approval example on a real broker, as a newcomer sees it. */
class ApprovalSceneTest {

    @TempDir
    static Path folder;

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.on(folder.resolve("data"), DevPorts.FREE);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void anApprovalIsAskedForByMailGivenByItsLinkAndSaved() throws Exception {
        assertThat(scene.play(ApprovalDemo.Answer.APPROVE, Optional.empty())).isTrue();

        assertThat(scene.told())
                .containsSubsequence(
                        "state SubmitRequest",
                        "state RequestApproval",
                        "asks for task notify-approver",
                        "waits for the answer",
                        "approve  http://",
                        "state Approved",
                        "state SaveFeedback",
                        "execution succeeded",
                        "SUCCEEDED")
                .contains("amira@example.org", "The request was approved.");
        try (var saved = Files.list(folder.resolve("data/demo/feedback"))) {
            assertThat(saved).isNotEmpty();
        }
    }

    @Test
    void aDenialTakesTheOtherBranch() throws Exception {
        assertThat(scene.play(ApprovalDemo.Answer.DENY, Optional.empty())).isTrue();

        assertThat(scene.told()).contains("state Denied", "The request was denied.");
    }

    @Test
    void whenNobodyDecidesInTimeItIsEscalated() throws Exception {
        assertThat(scene.play(ApprovalDemo.Answer.BY_A_PERSON, Optional.of(2))).isFalse();

        assertThat(scene.told())
                .containsSubsequence("nobody answered in time", "state Escalate", "execution failed: NotDecidedInTime");
        assertThat(scene.demo.mails().mails())
                .anyMatch(mail ->
                        mail.to().equals("jonas@example.org") && mail.subject().startsWith("Not decided in time"));
    }

    @Test
    void aNotificationThatCannotBeSentFailsTheExecutionAndIsKept() throws Exception {
        String arn = scene.start("unreachable-approver", "approver", "nobody at nowhere");

        JsonNode end = scene.end(arn);

        assertThat(end.path("status").asText()).isEqualTo("FAILED");
        assertThat(end.path("error").asText()).isEqualTo("NotificationFailed");
        assertThat(deadLetters()).anySatisfy(letter -> {
            assertThat(letter.getTopic()).isEqualTo(Topics.taskRequests("notify-approver"));
            assertThat(letter.getError()).isEqualTo("MailNotSent");
            assertThat(letter.getReason()).contains("nobody at nowhere");
        });
    }

    @Test
    void aSecondDecisionChangesNothingAndShowsTheFirst() throws Exception {
        String arn = scene.start("decided-twice", "approver", "amira@example.org");
        var links = scene.links(arn);
        scene.gateway.decide(links.approve(), "Good desks.");
        assertThat(scene.end(arn).path("status").asText()).isEqualTo("SUCCEEDED");

        try (var http = HttpClient.newHttpClient()) {
            var second = http.send(
                    HttpRequest.newBuilder(links.deny())
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("comment=no"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(second.body()).contains("amira@example.org").doesNotContain("<form");
        }
        assertThat(scene.end(arn).at("/output/approval/decision").asText()).isEqualTo("APPROVED");
    }

    @Test
    void theInboxShowsMailsToLocalVisitorsAndEscapesThem() throws Exception {
        String arn = scene.start("with-markup", "title", "<script>alert(1)</script>");
        var links = scene.links(arn);

        try (var http = HttpClient.newHttpClient()) {
            var page = http.send(HttpRequest.newBuilder(scene.demo.inbox()).build(), BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body())
                    .contains("&lt;script&gt;", "<a href=\"" + links.approve() + "\">")
                    .doesNotContain("<script");
            var post = http.send(
                    HttpRequest.newBuilder(scene.demo.inbox())
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(post.statusCode()).isEqualTo(405);
        }
    }

    private static List<DeadLetter> deadLetters() throws Exception {
        var codec = new RecordCodec(new HttpSchemaRegistry(scene.stack.registry()));
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", scene.stack.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            List<DeadLetter> letters = new java.util.ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    letters.add(codec.decode(record.value(), DeadLetter.class));
                }
            }
            return letters;
        }
    }
}
