package io.stepstream.cli.executions;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.stepstream.cli.Said;
import io.stepstream.cli.StandInGateway;
import io.stepstream.cli.StandInGateway.Answer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a gateway that says what the real one would, and breaks when told to. */
class EachCommandTest {
    private static final int EXECUTIONS = 120;

    private final List<String> queries = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, List<String>> keys = new ConcurrentHashMap<>();
    private volatile int pagesUntilItBreaks = Integer.MAX_VALUE;
    private final StandInGateway gateway;

    @TempDir
    Path folder;

    EachCommandTest() throws IOException {
        gateway = new StandInGateway("executions", this::answer);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Answer answer(HttpExchange exchange) {
        var path = exchange.getRequestURI().getRawPath();
        if (path.equals("/v1/executions")) {
            return search(exchange);
        }
        var parts = path.split("/");
        var arn = URLDecoder.decode(parts[3], StandardCharsets.UTF_8);
        keys.computeIfAbsent(arn, _ -> Collections.synchronizedList(new ArrayList<>()))
                .add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        return arn.endsWith(":7")
                ? new Answer(409, "{\"detail\":\"Execution is FAILED and cannot be paused\"}")
                : new Answer(200, "{}");
    }

    private Answer search(HttpExchange exchange) {
        var query = exchange.getRequestURI().getQuery();
        queries.add(query);
        if (pagesUntilItBreaks-- <= 0) {
            return new Answer(400, "{\"detail\":\"broken\"}");
        }
        var from =
                query.contains("nextToken=") ? Integer.parseInt(query.replaceFirst(".*nextToken=(\\d+).*", "$1")) : 0;
        var limit = Integer.parseInt(query.replaceFirst(".*limit=(\\d+).*", "$1"));
        var until = Math.min(EXECUTIONS, from + limit);
        var found = IntStream.range(from, until)
                .mapToObj(i -> "{\"executionArn\":\"arn:execution:" + i + "\"}")
                .collect(Collectors.joining(","));
        return new Answer(
                200,
                "{\"executions\":[" + found + "]" + (until < EXECUTIONS ? ",\"nextToken\":\"" + until + "\"" : "")
                        + "}");
    }

    private Said said(String... args) {
        return gateway.said(args);
    }

    @Test
    void everyExecutionThatIsFoundIsAskedForOnceAndCounted() {
        var said = said("pause", "--state-machine=order", "--started-before=2026-11-26T12:00:00Z");
        assertThat(said.out())
                .contains("pause: 119 accepted, 1 refused", "refused: arn:execution:7: Execution is FAILED");
        assertThat(said.status()).isEqualTo(1);
        assertThat(keys).hasSize(EXECUTIONS);
        assertThat(keys.values()).allSatisfy(once -> assertThat(once).hasSize(1));
        assertThat(queries)
                .first()
                .asString()
                .contains("stateMachine=order", "status=RUNNING", "startedBefore=2026-11-26T12:00:00Z");
    }

    @Test
    void interruptedItGoesOnWhereItWasWithTheSameKeys() {
        var progress = "--progress=" + folder.resolve("progress.json");
        pagesUntilItBreaks = 2;
        assertThat(said("stop", "--all", progress).err()).contains("broken");
        assertThat(keys).hasSize(100);
        pagesUntilItBreaks = Integer.MAX_VALUE;
        assertThat(said("stop", "--all", progress).out()).contains("stop: 119 accepted, 1 refused");
        assertThat(keys).hasSize(EXECUTIONS);
        assertThat(keys.values()).allSatisfy(once -> assertThat(once).hasSize(1));
        assertThat(said("stop", "--all", progress).out()).contains("stop: 119 accepted, 1 refused");
        assertThat(keys.values()).allSatisfy(once -> assertThat(once).hasSize(1));
        assertThat(said("resume", "--all", progress).status()).isEqualTo(2);
    }

    @Test
    void redrivesWhatHasFailedUnlessToldOtherwise() {
        said("redrive", "--error=card declined");
        said("redrive", "--status=ABORTED", "--all");
        assertThat(queries).first().asString().contains("status=FAILED", "error=card declined");
        assertThat(queries).last().asString().contains("status=ABORTED");
    }

    /** Others would be asked for in vain. */
    @Test
    void resumesOnlyWhatIsPausedAndTellsWhich() {
        assertThat(said("resume", "--state-machine=order", "--dry-run").out())
                .contains("arn:execution:0", "would resume " + EXECUTIONS + " executions");
        said("stop", "--paused", "--dry-run");
        said("stop", "--all", "--dry-run");
        assertThat(queries).first().asString().contains("pause=PAUSED", "status=RUNNING", "stateMachine=order");
        assertThat(queries)
                .filteredOn(query -> query.contains("pause=PAUSED"))
                .as("pages of the resume and of the stop of what is paused")
                .hasSize(6);
        assertThat(queries).last().asString().doesNotContain("pause=");
        assertThat(keys).isEmpty();
    }

    @Test
    void executionsAreNamedOrFoundAndNeverAllByMistake() {
        assertThat(said("resume", "arn:execution:1", "arn:execution:2").out())
                .contains("resume: 2 accepted, 0 refused");
        assertThat(said("resume").status()).isEqualTo(2);
        assertThat(said("resume", "arn:execution:1", "--all").status()).isEqualTo(2);
        assertThat(said("pause", "--all", "--dry-run").out()).contains("would pause " + EXECUTIONS + " executions");
        assertThat(keys).hasSize(2);
    }
}
