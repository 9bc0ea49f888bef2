package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats;
import io.stepstream.worker.Worker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The approval of examples/, played on an installation: its services are workers here, its approver opens a link. */
final class Approval implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> tokens = new ArrayBlockingQueue<>(1);
    private final Worker worker;
    private final String key;
    private final Duration patience;

    Approval(String bootstrapServers, URI registry, String key, Duration patience) {
        this.key = key;
        this.patience = patience;
        worker = Worker.builder()
                .bootstrapServers(bootstrapServers)
                .registry(registry)
                .task("notify-approver", JsonNode.class, (payload, task) -> {
                    tokens.add(payload.path("body").path("token").asText());
                    task.later();
                    return null;
                })
                .task("save-feedback", JsonNode.class, (payload, task) -> Map.of("receipt", "r-1"))
                .start();
    }

    /** The ARN of an execution of this name that was started by one gateway, of a state machine that another one made. */
    String start(Path example, String name, URI maker, URI starter) throws Exception {
        var definition = JSON.readTree(example.resolve("approval.asl.json").toFile());
        var input = JSON.readTree(example.resolve("input.json").toFile());
        post(
                maker.resolve("/v1/state-machines"),
                JSON.writeValueAsString(Map.of("name", "approval", "definition", definition)));
        var started = post(
                starter.resolve("/v1/executions"),
                JSON.writeValueAsString(Map.of("stateMachine", "approval", "name", name, "input", input)));
        return JSON.readTree(started.body()).path("executionArn").asText();
    }

    /** The token that the approver is asked with. */
    String token() throws InterruptedException {
        return Optional.ofNullable(tokens.poll(patience.toSeconds(), TimeUnit.SECONDS))
                .orElseThrow();
    }

    void approve(URI gateway, String token) throws Exception {
        var decided = press(gateway, token);
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(303);
    }

    /** By somebody who does what the page asks of him where it is not available: tries again, for what is behind the gateway has been killed. */
    void approveInTheEnd(URI gateway, String token) throws Exception {
        var until = System.nanoTime() + patience.toNanos();
        var decided = press(gateway, token);
        while (decided.statusCode() == 503 && System.nanoTime() < until) {
            decided = press(gateway, token);
        }
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(303);
    }

    /** Presses the button of the page that the link opens. */
    private HttpResponse<String> press(URI gateway, String token) throws Exception {
        var link = ApprovalLink.make(
                token, new Caveats(Caveats.Decision.APPROVED, Optional.empty(), Optional.of("amira@example.org")));
        return http.send(
                HttpRequest.newBuilder(gateway.resolve("/a/" + link))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("comment=Fine"))
                        .build(),
                BodyHandlers.ofString());
    }

    /**
     * Answers by the API, and asks again by the same key, as clients do, while there is no verdict; tells how long it took from now.
     *
     * @param gateway one that stays there
     */
    Duration answer(URI gateway, String token) throws Exception {
        var began = System.nanoTime();
        var answer = HttpRequest.newBuilder(gateway.resolve("/v1/tasks/" + token + "/success"))
                .header("Authorization", "Bearer " + key)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"decision\":\"APPROVED\"}"))
                .build();
        var said = http.send(answer, BodyHandlers.ofString());
        while (said.statusCode() >= 500 && System.nanoTime() - began < patience.toNanos()) {
            said = http.send(answer, BodyHandlers.ofString());
        }
        assertThat(said.statusCode()).as(said.body()).isBetween(200, 204);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The status that the execution ends with. */
    String end(URI gateway, String arn) throws Exception {
        var until = System.nanoTime() + patience.toNanos();
        var execution = HttpRequest.newBuilder(gateway.resolve("/v1/executions/" + Arns.executionId(arn)))
                .header("Authorization", "Bearer " + key)
                .build();
        while (System.nanoTime() < until) {
            var status = JSON.readTree(
                            http.send(execution, BodyHandlers.ofString()).body())
                    .path("status")
                    .asText();
            if (!status.isEmpty() && !status.matches("RUNNING|[0-9]+")) {
                return status;
            }
        }
        throw new AssertionError("still running");
    }

    private HttpResponse<String> post(URI place, String body) throws Exception {
        var answer = http.send(
                HttpRequest.newBuilder(place)
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    @Override
    public void close() {
        worker.close();
        http.close();
    }
}
