package io.stepstream.cli.executions;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.cli.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command against a gateway with 250 state machines, which pauses and resumes as the real one does. */
class EachStateMachineCommandTest {
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:";

    private final Map<String, Boolean> paused = new ConcurrentSkipListMap<>(IntStream.range(0, 250)
            .boxed()
            .collect(Collectors.toMap(i -> (i < 120 ? "order-" : "ship-") + (1000 + i), _ -> false)));
    private final HttpServer server;

    EachStateMachineCommandTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/v1/state-machines", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var parts = exchange.getRequestURI().getRawPath().split("/");
        if (parts.length == 3) {
            send(exchange, 200, page(exchange.getRequestURI().getQuery()));
            return;
        }
        var name = URLDecoder.decode(parts[3], StandardCharsets.UTF_8).replace(ARN, "");
        var known = paused.replace(name, parts[4].equals("pause"));
        send(
                exchange,
                known == null ? 404 : 200,
                known == null ? "{\"detail\":\"State Machine Does Not Exist\"}" : "{}");
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

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Said said(String... args) {
        var all = new ArrayList<>(List.of("state-machines"));
        all.addAll(List.of(args));
        all.add("--gateway=http://127.0.0.1:" + server.getAddress().getPort());
        return Said.by(all.toArray(String[]::new));
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
