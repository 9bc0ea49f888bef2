package io.stepstream.audit;

import static io.stepstream.audit.WhatIfTest.assertCounts;
import static io.stepstream.audit.WhatIfTest.of;
import static io.stepstream.audit.WhatIfTest.tried;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.whatif.Verdict;
import io.stepstream.local.InMemorySchemaRegistry;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Recorded executions with a distributed Map on a changed definition. */
class DistributedWhatIfTest {
    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final Recorder recorder = new Recorder(2, log.registry, Limits.DEFAULT, log);

    private static final String SPREAD = WhatIfTest.PACKED.replace(
            "\"ItemProcessor\": {",
            "\"ToleratedFailureCount\": 3, \"ItemProcessor\": {\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\","
                    + " \"ExecutionType\": \"STANDARD\"},");

    /** A distributed Map of three items, two at once, the later one first; the last one breaks. */
    private void spread() {
        var run = recorder.start(
                recorder.deploy("spreading", SPREAD, Set.of()), "spread", Document.ofTrusted("{\"items\":[1,2,3]}"));
        while (!run.ended) {
            recorder.advanceTo(recorder.now().plusMillis(500));
            if (!recorder.letters.isEmpty()) {
                recorder.deliver(recorder.letters.getFirst());
            } else if (run.continuing.isPresent()) {
                run.send(new Command.Continue(run.continuing.get()), Optional.empty());
            } else {
                pack(recorder.family.values().stream()
                        .filter(any -> !any.open.isEmpty())
                        .reduce((_, later) -> later)
                        .orElse(run));
            }
        }
    }

    private void pack(Recorder.Run item) {
        var ticket = item.open.lastKey();
        if (item.toString().contains("spreading/")
                && item.open.lastEntry().getValue().input().text().equals("3")) {
            item.send(
                    new Command.FailTask(
                            ticket,
                            item.bindings.getOrDefault(ticket, ""),
                            Optional.of("Broken"),
                            Optional.empty(),
                            recorder.now()),
                    Optional.empty());
        } else {
            item.complete(ticket, Document.ofTrusted("\"packed\""));
        }
    }

    @Test
    void aDistributedMapIsRehearsedWithWhatItsItemsTold() {
        spread();

        // Another first step of the whole, another one of each item, and both.
        var whole = SPREAD.replace("{\"StartAt\": \"All\"", "{\"TimeoutSeconds\": 900, \"StartAt\": \"All\"");
        assertCounts(tried(log, "spreading", SPREAD), 1, 0, 0);
        assertCounts(tried(log, "spreading", whole), 1, 0, 0);
        assertCounts(tried(log, "spreading", SPREAD.replace("90,", "80,")), 1, 0, 0);
        assertCounts(tried(log, "spreading", whole.replace("90,", "80,")), 1, 0, 0);
    }

    @Test
    void anItemThatGoesAnotherWayIsToldWithWhatComesOfIt() {
        spread();
        var caught = SPREAD.replace(
                "\"End\": true}}}},",
                "\"Catch\": [{\"ErrorEquals\": [\"Broken\"], \"Next\": \"Sorry\"}], \"End\": true},"
                        + " \"Sorry\": {\"Type\": \"Fail\", \"Error\": \"Sorry\"}}}},");

        assertThat(of(tried(log, "spreading", caught), "spread")).isInstanceOfSatisfying(Verdict.Other.class, other -> {
            assertThat(other.difference().state()).isEqualTo("Pack");
            assertThat(other.difference().rehearsed()).isEqualTo("Sorry");
            assertThat(other.difference().ending()).isEqualTo(new Verdict.Ending("SUCCEEDED", "SUCCEEDED"));
        });
    }

    @Test
    void fewerFailuresToleratedEndTheWhole() {
        spread();

        assertThat(of(tried(log, "spreading", SPREAD.replace("FailureCount\": 3", "FailureCount\": 0")), "spread"))
                .isInstanceOfSatisfying(Verdict.Other.class, other -> {
                    assertThat(other.difference().state()).isEqualTo("All");
                    assertThat(other.difference().recorded()).isEqualTo("Bill");
                    assertThat(other.difference().ending().rehearsed())
                            .isEqualTo("FAILED States.ExceedToleratedFailureThreshold");
                });
    }

    @Test
    void fewerItemsAreTold() {
        spread();

        assertThat(of(tried(log, "spreading", SPREAD.replace("\"$.items\"", "\"$.items[:2]\"")), "spread"))
                .isInstanceOfSatisfying(Verdict.Other.class, other -> {
                    assertThat(other.difference().kind()).isEqualTo(Verdict.Kind.ITEMS);
                    assertThat(other.difference().recorded()).isEqualTo("3");
                    assertThat(other.difference().rehearsed()).isEqualTo("2");
                });
    }
}
