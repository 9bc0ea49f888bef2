package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.notify.Mailer;
import io.stepstream.integrations.notify.SmtpSettings;
import io.stepstream.integrations.notify.SmtpSettings.Encryption;
import io.stepstream.worker.TaskOutcome;
import io.stepstream.worker.Worker;
import io.stepstream.worker.WorkerTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services of the approval example, without Kafka. */
class DemoWorkersTest {

    @TempDir
    Path folder;

    @Test
    void aDecisionThatIsSavedTwiceIsOneFile() throws Exception {
        try (var test =
                WorkerTest.of(Worker.builder().task("save-feedback", JsonNode.class, new SaveFeedback(folder)))) {
            var first = test.request("save-feedback", Map.of("decision", "APPROVED"));
            var output = first.output();
            assertThat(first.again().output()).isEqualTo(output);
            var receipt = output.path("receipt").asText();
            assertThat(Files.readString(folder.resolve(receipt + ".json"))).contains("APPROVED");
            try (var files = Files.list(folder)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void aMailThatCannotBeSentFailsItsTask() throws Exception {
        var nobody =
                new Mailer(new SmtpSettings("127.0.0.1", 1, Encryption.NONE, "from@example.org", Optional.empty()));
        try (var test = WorkerTest.of(Worker.builder()
                .task("notify-approver", JsonNode.class, new NotifyApprover(nobody, URI.create("http://g.example"))))) {
            assertThat(test.request("notify-approver", Map.of("body", Map.of())).outcome())
                    .isInstanceOfSatisfying(TaskOutcome.DeadLettered.class, it -> {
                        assertThat(it.error()).isEqualTo(Mailer.NOT_SENT);
                        assertThat(it.cause()).contains("needs body.token and body.request.approver");
                    });
            assertThat(test.deadLetters()).hasSize(1);
        }
    }
}
