package io.stepstream.cli.executions;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.stepstream.cli.Said;
import io.stepstream.cli.StandInGateway;
import io.stepstream.cli.StandInGateway.Answer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command against a gateway with 250 state machines, which pauses and resumes as the real one does. */
class EachStateMachineCommandTest {
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:";

    private final Map<String, Boolean> paused = new ConcurrentSkipListMap<>(IntStream.range(0, 250)
            .boxed()
            .collect(Collectors.toMap(i -> (i < 120 ? "order-" : "ship-") + (1000 + i), _ -> false)));
    private final StandInGateway gateway;

    EachStateMachineCommandTest() throws IOException {
        gateway = new StandInGateway("state-machines", this::answer);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Answer answer(HttpExchange exchange) {
        var parts = exchange.getRequestURI().getRawPath().split("/");
        if (parts.length == 3) {
            return new Answer(200, page(exchange.getRequestURI().getQuery()));
        }
        var name = URLDecoder.decode(parts[3], StandardCharsets.UTF_8).replace(ARN, "");
        var known = paused.replace(name, parts[4].equals("pause"));
        return known == null ? new Answer(404, "{\"detail\":\"State Machine Does Not Exist\"}") : new Answer(200, "{}");
    }

    private String page(String query) {
        var after = query.contains("after=") ? query.replaceFirst(".*after=", "") : "";
        return paused.entrySet().stream()
                .filter(machine -> machine.getKey().compareTo(after) > 0)
                .limit(Integer.parseInt(query.replaceFirst(".*limit=(\\d+).*", "$1")))
                .map(machine -> "{\"stateMachineArn\":\"%s\",\"name\":\"%s\"%s}"
                        .formatted(
                                ARN + machine.getKey(),
                                machine.getKey(),
                                machine.getValue() ? ",\"pausedAt\":\"2026-11-26T12:00:00Z\"" : ""))
                .collect(Collectors.joining(",", "{\"stateMachines\":[", "]}"));
    }

    private Said said(String... args) {
        return gateway.said(args);
    }

    private long count() {
        return paused.values().stream().filter(is -> is).count();
    }

    @Test
    void stateMachinesAreNamedByNameOrArn() {
        assertThat(said("pause", "order-1003", ARN + "ship-1200").out()).contains("pause: 2 accepted, 0 refused");
        assertThat(paused).containsEntry("order-1003", true).containsEntry("ship-1200", true);
        assertThat(count()).isEqualTo(2);
        assertThat(said("resume", "order-1003").out()).contains("resume: 1 accepted, 0 refused");
        assertThat(count()).isEqualTo(1);
        var unknown = said("pause", "nothing");
        assertThat(unknown.out()).contains("refused: nothing: State Machine Does Not Exist", "pause: 0 accepted, 1");
        assertThat(unknown.status()).isEqualTo(1);
    }

    @Test
    void thoseAreFoundToWhichItMakesADifference() {
        paused.put("order-1005", true);
        assertThat(said("pause", "--name=order-", "--dry-run").out())
                .contains("would pause 119 state machines")
                .doesNotContain("order-1005", "ship-");
        assertThat(count()).isEqualTo(1);
        assertThat(said("pause", "--name=order-").out()).contains("pause: 119 accepted, 0 refused");
        assertThat(said("pause", "--name=order-").out()).contains("pause: 0 accepted, 0 refused");
        assertThat(said("resume", "--all").out()).contains("resume: 120 accepted, 0 refused");
        assertThat(count()).isZero();
    }

    @Test
    void neverAllByMistake() {
        assertThat(said("pause").status()).isEqualTo(2);
        assertThat(said("pause", "order-1003", "--all").status()).isEqualTo(2);
        assertThat(said("resume", "--name=order-", "--all").status()).isEqualTo(2);
        assertThat(count()).isZero();
    }
}
