package io.stepstream.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.stepstream.cli.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command against a gateway that says what the real one would. */
class LimitsCommandTest {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;

    LimitsCommandTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/v1/limits", exchange -> {
            try (exchange) {
                var query = String.valueOf(exchange.getRequestURI().getQuery());
                var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(exchange.getRequestMethod() + " " + query + " " + body);
                var refused = body.contains(":0}");
                var answer = (refused
                                ? "{\"detail\":\"a limit is a whole number from 1\"}"
                                : exchange.getRequestMethod().equals("GET")
                                        ? page(query)
                                        : "{\"updateDate\":\"2026-11-26T12:00:00Z\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(refused ? 400 : 200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    private static String page(String query) {
        return query.equals("after=")
                ? "{\"limits\":[{\"key\":\"arn:order\",\"stateMachine\":\"order\",\"maxConcurrentExecutions\":5,"
                        + "\"running\":5,\"queued\":12}],\"more\":true}"
                : "{\"limits\":[{\"key\":\"task charge\",\"task\":\"charge\",\"running\":3,\"queued\":0}],\"more\":false}";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Said said(String... args) {
        var all = new ArrayList<>(List.of("limits"));
        all.addAll(List.of(args));
        all.add("--gateway=http://127.0.0.1:" + server.getAddress().getPort());
        return Said.by(all.toArray(String[]::new));
    }

    @Test
    void aLimitIsSetAndRemoved() {
        assertThat(said("set", "--task=charge", "10").out())
                .contains("task charge: at most 10 at once, since 2026-11-26T12:00:00Z");
        assertThat(said("set", "--state-machine=order", "5").status()).isZero();
        assertThat(said("remove", "--task=charge").out()).contains("task charge: no limit");
        assertThat(asked)
                .containsExactly(
                        "PUT null {\"task\":\"charge\",\"maxConcurrency\":10}",
                        "PUT null {\"stateMachine\":\"order\",\"maxConcurrentExecutions\":5}",
                        "DELETE task=charge ");
    }

    @Test
    void allPagesAreListed() {
        var said = said("list");
        assertThat(said.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("at most", "running", "queued"),
                        line -> assertThat(line).matches("state machine +order +5 +5 +12"),
                        line -> assertThat(line).matches("task +charge +- +3 +0"));
        assertThat(asked).containsExactly("GET after= ", "GET after=arn:order ");
    }

    @Test
    void whatIsRefusedIsSaid() {
        var said = said("set", "--task=charge", "0");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).contains("a limit is a whole number from 1");
        assertThat(said("set", "--task=charge", "--state-machine=order", "1").status())
                .isEqualTo(2);
        assertThat(said("remove").status()).isEqualTo(2);
    }
}
