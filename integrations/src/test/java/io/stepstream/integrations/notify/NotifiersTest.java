package io.stepstream.integrations.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.integrations.notify.NotifySettings.Endpoint;
import io.stepstream.integrations.notify.SmtpSettings.Encryption;
import io.stepstream.integrations.notify.SmtpSettings.Login;
import io.stepstream.integrations.retry.Backoff;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskError;
import jakarta.mail.Multipart;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mails to a real SMTP server, webhooks to a real HTTP server; only the pauses between attempts are not waited for. */
class NotifiersTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final URI GATEWAY = URI.create("https://approve.example.org/");

    @TempDir
    Path folder;

    private final TokenKeys keys = TokenKeys.generate();
    private final String token = keys.sign(new TaskToken("0".repeat(32), 1, "0".repeat(16)));
    private final List<Duration> pauses = new ArrayList<>();
    private final Backoff backoff = new Backoff(4, Duration.ofMillis(500), pauses::add);
    private final Links links = new Links(GATEWAY, Clock.fixed(NOW, ZoneOffset.UTC));
    private GreenMail mail;

    @BeforeEach
    void start() {
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
        mail.start();
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private EmailNotifier email(Optional<Path> templates, int port) {
        var smtp = new SmtpSettings("127.0.0.1", port, Encryption.NONE, "from@example.org", Optional.empty());
        return new EmailNotifier(new Mailer(smtp, backoff), links, templates);
    }

    private EmailNotifier email() {
        return email(Optional.empty(), mail.getSmtp().getPort());
    }

    private String part(int message, int part) throws Exception {
        var content = (Multipart) mail.getReceivedMessages()[message].getContent();
        return content.getBodyPart(part).getContent().toString();
    }

    @Test
    void everyRecipientGetsLinksThatDecideInHisNameUntilTheyExpire() throws Exception {
        var sent = email().notify(
                        json(
                                "{'to':['ada@example.org','bob@example.org'],'taskToken':'%s','linkExpiresSeconds':60,'approval':{'title':'<Chairs>'}}"
                                        .formatted(token)),
                        "arn:x");
        assertThat(sent).isEqualTo(Map.of("sentTo", List.of("ada@example.org", "bob@example.org")));
        assertThat(mail.getReceivedMessages()).hasSize(2);
        for (var i = 0; i < 2; i++) {
            assertThat(mail.getReceivedMessages()[i].getSubject()).isEqualTo("Please decide: <Chairs>");
            var text = part(i, 0);
            assertThat(text).contains("<Chairs>").contains("Reference: arn:x").doesNotContain(token);
            assertThat(part(i, 1))
                    .contains("&lt;Chairs&gt;")
                    .doesNotContain("<Chairs>")
                    .doesNotContain(token);
            var approve = link(text, "Approve: ");
            assertThat(approve.caveats().decision()).isEqualTo(Decision.APPROVED);
            assertThat(approve.caveats().approver()).contains(i == 0 ? "ada@example.org" : "bob@example.org");
            assertThat(approve.caveats().expires()).contains(NOW.plusSeconds(60));
            assertThat(link(text, "Deny: ").caveats().decision()).isEqualTo(Decision.DENIED);
        }
    }

    private io.stepstream.schemas.ApprovalLink link(String text, String word) throws Exception {
        var line =
                text.lines().filter(each -> each.startsWith(word)).findFirst().orElseThrow();
        assertThat(line).startsWith(word + "https://approve.example.org/a/");
        return keys.verifyLink(line.substring(line.lastIndexOf('/') + 1).strip());
    }

    @Test
    void aTemplateOfOnesOwnComesFirst() throws Exception {
        Files.writeString(folder.resolve("late.subject"), "Late:\u0000 {{/what}}");
        Files.writeString(folder.resolve("late.txt"), "{{/deep/0/x}}|{{/none}}|{{/taskToken}}");
        Files.writeString(folder.resolve("late.html"), "<p>{{/what}}</p>");
        email(Optional.of(folder), mail.getSmtp().getPort())
                .notify(
                        json(
                                "{'to':'ada@example.org','template':'late','what':'a\\r\\nBcc: eve@example.org','deep':[{'x':1}]}"),
                        "arn:x");
        assertThat(mail.getReceivedMessages()).hasSize(1);
        assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("Late:  a Bcc: eve@example.org");
        assertThat(mail.getReceivedMessages()[0].getHeader("Bcc")).isNull();
        assertThat(part(0, 0).strip()).isEqualTo("1||");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                  | InvalidRequest | object with 'to'",
                "{}                                                  | InvalidRequest | 'to' must be",
                "{'to':[]}                                           | InvalidRequest | 'to' must be",
                "{'to':'ada@example.org','template':'../secret'}     | InvalidRequest | no template",
                "{'to':'ada@example.org','template':'none'}          | InvalidRequest | no template",
                "{'to':'ada@example.org','taskToken':'x'}            | InvalidRequest | 'taskToken'",
                "{'to':'ada@example.org','taskToken':'x','linkExpiresSeconds':0} | InvalidRequest | linkExpiresSeconds",
                "{'to':'not an address'}                             | MailNotSent    | no mail address",
                "{'to':'a@example.org\\r\\nRCPT TO:<b@example.org>'} | MailNotSent    | no mail address",
            })
    void whatNoAttemptMendsIsKeptForSomebodyToLookAt(String request, String error, String cause) {
        assertThatThrownBy(() -> email().notify(json(request), "arn:x"))
                .isInstanceOfSatisfying(
                        PoisonousRequest.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(cause);
        assertThat(pauses).isEmpty();
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatIsAwayIsTriedAgainAndThenTheTaskFails() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> email(Optional.empty(), port).notify(json("{'to':'ada@example.org'}"), "arn:x"))
                .isInstanceOfSatisfying(
                        TaskError.class, e -> assertThat(e.error()).isEqualTo("MailServerUnreachable"))
                .isNotInstanceOf(PoisonousRequest.class);
        assertThat(pauses).hasSize(3);
        for (var i = 0; i < 3; i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(250L << i), Duration.ofMillis(500L << i));
        }
    }

    @Test
    void aWebhookIsSignedWithItsTimeAndTriedAgainWhenItIsBusy() throws Exception {
        var bodies = new ArrayList<String>();
        var headers = new ArrayList<String>();
        var statuses = new ArrayList<>(List.of(503, 429, 200));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            headers.add(exchange.getRequestHeaders().getFirst("Stepstream-Signature") + " "
                    + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            exchange.sendResponseHeaders(statuses.removeFirst(), -1);
            exchange.close();
        });
        server.start();
        var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        var endpoint = new Endpoint("chat", uri, "0123456789abcdef");
        try (var webhook =
                new WebhookNotifier(Map.of("chat", endpoint), links, backoff, Clock.fixed(NOW, ZoneOffset.UTC))) {
            var request =
                    json("{'endpoint':'chat','taskToken':'%s','approver':'ada@example.org','what':1}".formatted(token));
            assertThat(webhook.notify(request, "id-1", "arn:x", "Ask")).isEqualTo(Map.of("status", 200));
            assertThat(pauses).hasSize(2);
            assertThat(headers)
                    .containsOnly(WebhookNotifier.signature("0123456789abcdef", NOW.getEpochSecond(), bodies.getFirst())
                            + " id-1");
            assertThat(headers.getFirst()).matches("t=1795694400,v1=[0-9a-f]{64} id-1");
            var body = new ObjectMapper().readTree(bodies.getFirst());
            assertThat(body.at("/data").toString()).isEqualTo("{\"approver\":\"ada@example.org\",\"what\":1}");
            assertThat(keys.verifyLink(body.at("/links/deny").asText().replaceAll(".*/", ""))
                            .caveats()
                            .approver())
                    .contains("ada@example.org");
            assertThat(bodies.getFirst()).doesNotContain(token);

            statuses.addAll(List.of(302));
            assertThatThrownBy(() -> webhook.notify(request, "id-2", "arn:x", "Ask"))
                    .isInstanceOf(PoisonousRequest.class)
                    .hasMessageContaining("answered 302");
            statuses.addAll(List.of(500, 500, 500, 500));
            assertThatThrownBy(() -> webhook.notify(request, "id-3", "arn:x", "Ask"))
                    .isInstanceOfSatisfying(
                            TaskError.class, e -> assertThat(e.error()).isEqualTo("WebhookUnreachable"));
            assertThatThrownBy(() -> webhook.notify(json("{'endpoint':'http://evil'}"), "id", "arn:x", "Ask"))
                    .isInstanceOf(PoisonousRequest.class)
                    .hasMessageContaining("has not");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theSettingsOfTheProcess() {
        var properties = new Properties();
        properties.setProperty("stepstream.bootstrap.servers", "localhost:9092");
        properties.setProperty("stepstream.registry", "http://localhost:8081");
        properties.setProperty("stepstream.notify.gateway", "https://approve.example.org");
        assertThatThrownBy(() -> new NotifyProcess(properties, Map.of()).settings())
                .hasMessageContaining("nothing to notify by");
        properties.setProperty("stepstream.notify.webhooks", "chat=https://chat.example.org/hook");
        assertThatThrownBy(() -> new NotifyProcess(properties, Map.of()).settings())
                .hasMessageContaining("notify.webhook.chat.secret");
        var environment = Map.of("STEPSTREAM_NOTIFY_WEBHOOK_CHAT_SECRET", "0123456789abcdef");
        properties.setProperty("stepstream.notify.smtp.host", "mail.example.org");
        properties.setProperty("stepstream.notify.smtp.from", "a@example.org");
        properties.setProperty("stepstream.notify.smtp.user", "u");
        properties.setProperty("stepstream.notify.smtp.password", "hidden");
        var settings = new NotifyProcess(properties, environment).settings();
        assertThat(settings.smtp())
                .contains(new SmtpSettings(
                        "mail.example.org",
                        587,
                        Encryption.STARTTLS,
                        "a@example.org",
                        Optional.of(new Login("u", "hidden"))));
        assertThat(settings.endpoints())
                .containsEntry(
                        "chat", new Endpoint("chat", URI.create("https://chat.example.org/hook"), "0123456789abcdef"));
        assertThat(settings.toString()).doesNotContain("0123456789abcdef").doesNotContain("hidden");
        properties.setProperty("stepstream.notify.smtp.encryption", "perhaps");
        assertThatThrownBy(() -> new NotifyProcess(properties, environment).settings())
                .hasMessageContaining("none, starttls or tls");
    }
}
