package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.schemas.Arns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A broker that is stopped under load and started again: what was accepted is there, what was not is refused soon, and all goes on. */
class KafkaOutageIT {
    private static final String PASS = "{'StartAt':'A','States':{'A':{'Type':'Pass','End':true}}}";
    private static final String ASK =
            "{'StartAt':'A','States':{'A':{'Type':'Task','Resource':'arn:aws:states:::lambda:invoke.waitForTaskToken',"
                    + "'Parameters':{'FunctionName':'outage-task','Payload':{'token.$':'$$.Task.Token'}},'End':true}}}";
    private static final int CALLS = 60;
    private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(2);

    /** An answer, and how long it took. */
    private record Timed(Reply reply, Duration time) {}

    private static Timed timed(Callable<Reply> call) throws Exception {
        var begin = Instant.now();
        var reply = call.call();
        return new Timed(reply, Duration.between(begin, Instant.now()));
    }

    private static void refusedSoon(Timed answer) {
        assertThat(answer.reply().status()).as(answer.reply().text()).isEqualTo(503);
        assertThat(answer.reply().header("Retry-After")).isEqualTo("2");
        assertThat(answer.time()).isLessThan(Duration.ofSeconds(5));
    }

    /** What a client does that is told to come again: the same call, with the same key, until it is told something else. */
    private static Reply insisted(Callable<Reply> call) throws Exception {
        var deadline = Instant.now().plus(RECOVERED_WITHIN);
        while (true) {
            var reply = call.call();
            if (reply.status() != 503 && reply.status() != 504 || Instant.now().isAfter(deadline)) {
                return reply;
            }
        }
    }

    @Test
    void nothingIsAcceptedThatIsNotStoredAndAllGoesOnByItself() throws Exception {
        var stack = new Stack();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var api = stack.api;
            api.post("/v1/state-machines", "{'name':'pass','definition':%s}".formatted(PASS));
            api.post("/v1/state-machines", "{'name':'ask','definition':%s}".formatted(ASK));
            var asked = api.post("/v1/executions", "{'stateMachine':'ask'}").json();
            var id = asked.get("executionId").asText();
            var token = api.aws(
                            "GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("outage-task")))
                    .json()
                    .get("taskToken")
                    .asText();

            // The registry of this test keeps its schemas in the same Kafka, and would have to be asked for this one.
            assertThat(api.post("/v1/tasks/" + token + "/heartbeat", "").status())
                    .isEqualTo(200);

            // Under load: the broker goes while starts are on their way.
            var first = new CountDownLatch(CALLS / 4);
            var starts = IntStream.range(0, CALLS)
                    .<Callable<Reply>>mapToObj(n -> () -> {
                        var body = "{'stateMachine':'pass','name':'n%d','input':{}}".formatted(n);
                        var reply = api.post("/v1/executions", body, "Idempotency-Key", "key-" + n);
                        first.countDown();
                        return reply;
                    })
                    .toList();
            var answers = new ArrayList<Future<Reply>>();
            starts.forEach(start -> answers.add(executor.submit(start)));
            Callable<Reply> poll = () ->
                    api.aws("GetActivityTask", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("outage-task")));
            var waiting = executor.submit(poll);
            first.await();
            stack.stopKafka();
            for (var answer : answers) {
                assertThat(answer.get().status()).as(answer.get().text()).isIn(201, 503, 504);
            }

            // Without a broker: refused, soon, whatever is asked for.
            List<Callable<Reply>> calls = List.of(
                    () -> api.post(
                            "/v1/executions", "{'stateMachine':'pass','name':'away'}", "Idempotency-Key", "away"),
                    () -> api.aws(
                            "StartExecution",
                            "{'stateMachineArn':'%s','name':'away-2'}".formatted(Arns.DEFAULT.stateMachine("pass"))),
                    () -> api.post("/v1/state-machines", "{'name':'late','definition':%s}".formatted(PASS)),
                    () -> api.post("/v1/tasks/" + token + "/success", "{'n':1}", "Idempotency-Key", "answer"),
                    () -> api.aws("SendTaskHeartbeat", "{'taskToken':'%s'}".formatted(token)),
                    () -> api.get("/approve/" + token),
                    () -> api.get("/v1/executions/" + id),
                    () -> api.get("/v1/executions"),
                    poll,
                    () -> api.aws("ListStateMachines", "{}"));
            var refused = new ArrayList<Future<Timed>>();
            calls.forEach(call -> refused.add(executor.submit(() -> timed(call))));
            for (var answer : refused) {
                refusedSoon(answer.get());
            }
            assertThat(waiting.get(5, TimeUnit.SECONDS).status())
                    .as("a call that waited for a task")
                    .isEqualTo(503);
            assertThat(api.get("/health/live").status()).isEqualTo(200);

            // It comes back: nobody restarts anything.
            stack.startKafka();
            for (var start : starts) {
                assertThat(insisted(start).status()).isEqualTo(201);
            }
            assertThat(insisted(calls.getFirst()).status()).isEqualTo(201);
            assertThat(insisted(calls.get(3)).status()).isEqualTo(200);
            assertThat(insisted(() -> api.get("/v1/executions/" + id))
                            .json()
                            .get("status")
                            .asText())
                    .isEqualTo("SUCCEEDED");
            assertThat(insisted(() -> api.post("/v1/executions", "{'stateMachine':'ask'}"))
                            .status())
                    .isEqualTo(201);
            assertThat(insisted(poll).json().path("taskToken").asText())
                    .as("a call for a task is served again")
                    .isNotEmpty();
            var found = insisted(() -> api.get("/v1/executions?stateMachine=pass&limit=1000"))
                    .json()
                    .get("executions");
            assertThat(found.findValuesAsText("name"))
                    .doesNotHaveDuplicates()
                    .contains("n0", "n" + (CALLS - 1), "away")
                    .hasSize(CALLS + 1);
        } finally {
            stack.close();
        }
    }
}
