package io.stepstream.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.limits.LongPolls;
import io.stepstream.gateway.limits.Rate;
import io.stepstream.gateway.limits.RateLimiter;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that hangs with its connections open is as good as none: calls that wait for tasks learn of it. */
class HungBrokerIT {
    private static final String TASK = "never-asked";
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Longer than a silence that is looked into. */
    private static final Duration QUIET = Duration.ofSeconds(4);

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(1);

    @Test
    void waitingCallsAreRefusedSoonAndServedAgainWhenItGoesOn(@TempDir Path folder) throws Exception {
        try (var broker = BrokerProcess.start(folder.resolve("kafka"));
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var kafka = new KafkaClients(broker.bootstrapServers(), Map.of());
            // Never asked: no task comes, and nothing is answered.
            var codec = new RecordCodec(new HttpSchemaRegistry(URI.create("http://127.0.0.1:1")));
            try (var admin = kafka.admin();
                    var gate = new CommandGate(kafka, codec, "g", SOON)) {
                create(broker);
                var tasks = new Tasks(gate, TokenKeys.generate(), new RateLimiter("answers", new Rate(1, 1)));
                try (var polls = new TaskPolls(kafka, admin, codec, tasks, new LongPolls(10))) {
                    assertThat(isServed(polls, QUIET))
                            .as("with no task and a broker")
                            .isTrue();

                    var waiting = executor.submit(() -> isServed(polls, LONG));
                    assertThat(isServed(polls, Duration.ofMillis(100))).isTrue();
                    broker.hang();
                    var hung = Instant.now();
                    assertThat(waiting.get()).as("a call that waited").isFalse();
                    assertThat(Duration.between(hung, Instant.now())).isLessThan(SOON);

                    var asked = Instant.now();
                    assertThat(isServed(polls, LONG)).as("a call that comes").isFalse();
                    assertThat(Duration.between(asked, Instant.now())).isLessThan(SOON);

                    broker.goOn();
                    var deadline = Instant.now().plus(RECOVERED_WITHIN);
                    while (!isServed(polls, QUIET)) {
                        assertThat(Instant.now()).isBefore(deadline);
                    }
                }
            }
        }
    }

    /** By a client that has more patience than a gateway's. */
    private static void create(BrokerProcess broker) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Topics.create(admin, 1, (short) 1);
            Topics.createTask(admin, TASK, 1, (short) 1);
        }
    }

    /** Whether a call waits out its time, rather than being refused. */
    private static boolean isServed(TaskPolls polls, Duration patience) {
        try {
            assertThat(polls.poll(TASK, patience, (request, trace) -> {})).isFalse();
            return true;
        } catch (ApiException e) {
            assertThat(e.error()).isEqualTo(ApiError.UNAVAILABLE);
            return false;
        }
    }
}
