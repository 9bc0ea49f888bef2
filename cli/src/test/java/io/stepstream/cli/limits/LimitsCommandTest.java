package io.stepstream.cli.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.stepstream.cli.Said;
import io.stepstream.cli.StandInGateway;
import io.stepstream.cli.StandInGateway.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command against a gateway that says what the real one would. */
class LimitsCommandTest {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final StandInGateway gateway;

    LimitsCommandTest() throws IOException {
        gateway = new StandInGateway("limits", this::answer);
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + query + " " + body);
        if (body.contains(":0}")) {
            return new Answer(400, "{\"detail\":\"a limit is a whole number from 1\"}");
        }
        return new Answer(
                200,
                exchange.getRequestMethod().equals("GET") ? page(query) : "{\"updateDate\":\"2026-11-26T12:00:00Z\"}");
    }

    private static String page(String query) {
        return query.equals("after=")
                ? "{\"limits\":[{\"key\":\"arn:order\",\"stateMachine\":\"order\",\"maxConcurrentExecutions\":5,"
                        + "\"running\":5,\"queued\":12}],\"more\":true}"
                : "{\"limits\":[{\"key\":\"task charge\",\"task\":\"charge\",\"running\":3,\"queued\":0}],\"more\":false}";
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Said said(String... args) {
        return gateway.said(args);
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
