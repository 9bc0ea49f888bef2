package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** No step makes a record that a topic would refuse: the transaction of a refused record could never be committed. */
class LargestStepTest {
    private static final int STATES = 30;
    private static final int BRANCHES = 6;

    /** Every state changes the payload, so that no record can refer to a payload for a second time. */
    private static String passing() {
        return IntStream.range(0, STATES)
                .mapToObj(i -> """
                        "P%d": {"Type": "Pass", "Parameters": {"n": %d, "big.$": "$.big"}, "Next": "%s"}""".formatted(i, i, i + 1 < STATES ? "P" + (i + 1) : "All"))
                .collect(Collectors.joining(","));
    }

    private static String branches() {
        return IntStream.range(0, BRANCHES)
                .mapToObj(i -> """
                        {"StartAt": "W%d", "States": {"W%d": {"Type": "Task", "Parameters": {"w": %d, "big.$": "$.big"},
                          "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""".formatted(i, i, i))
                .collect(Collectors.joining(","));
    }

    @Test
    void everyRecordOfTheLargestStepsFitsItsTopic() {
        var definition = "{\"StartAt\": \"P0\", \"States\": {" + passing()
                + ", \"All\": {\"Type\": \"Parallel\", \"ResultPath\": null, \"OutputPath\": \"$.n\", \"End\": true,"
                + " \"Branches\": [" + branches() + "]}}}";
        var big = "{\"big\": \"" + "x".repeat(255 * 1024) + "\"}";
        try (var engine = new EngineUnderTest()) {
            engine.taskTopics.add("work");
            engine.start("machine", engine.create("machine", definition), "run", big);
            engine.tick();
            var requests = engine.readBytes(Topics.taskRequests("work"));
            assertThat(requests).hasSize(BRANCHES);
            for (var bytes : requests) {
                var request = engine.decode(bytes, TaskRequest.class);
                engine.answer(request, new TaskSucceeded(Payloads.of("1")));
            }
            engine.tick();
            assertThat(engine.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast())
                    .satisfies(status -> {
                        assertThat(status.getExecutionArn()).isEqualTo(Arns.DEFAULT.execution("machine", "run"));
                        assertThat(status.getStatus()).isEqualTo("SUCCEEDED");
                    });
            var history = engine.readBytes(Topics.HISTORY);
            assertThat(history).hasSizeGreaterThan(STATES / 3);
            assertThat(List.of(requests, history).stream().flatMap(List::stream))
                    .allSatisfy(bytes -> assertThat(bytes.length).isLessThan(Topics.MAX_RECORD_BYTES));
        }
    }
}
