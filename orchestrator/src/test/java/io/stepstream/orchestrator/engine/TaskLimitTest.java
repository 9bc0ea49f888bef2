package io.stepstream.orchestrator.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of task names, as the shell keeps them: who waits, in which order, and what lets the next be sent. */
class TaskLimitTest extends LimitScene {
    @Test
    void requestsBeyondTheLimitWaitAndAreSentInOrder() {
        create(TASK);
        limitTask(2);
        start("1", "2", "3", "4", "5");
        assertThat(asked()).containsExactly("1", "2");
        assertThat(counts(KEY)).isEqualTo(new Counts(2, 3));
        answer("2");
        assertThat(asked()).containsExactly("3");
        answer("1");
        answer("3");
        assertThat(asked()).containsExactly("4", "5");
        answer("5");
        answer("4");
        assertThat(counts(KEY)).isEqualTo(new Counts(0, 0));
        assertThat(engine.size(EngineTopology.TIMERS)).isZero();
    }

    /** What ends a task that is out. */
    enum Ending {
        ANSWER,
        FAILURE,
        TIMEOUT,
        HEARTBEAT,
        STOP
    }

    private void end(Ending how, String name) {
        switch (how) {
            case ANSWER -> answer(name);
            case FAILURE -> engine.answer(request(name), new TaskFailed("Broken", null));
            case TIMEOUT -> engine.advance(Duration.ofSeconds(32));
            case HEARTBEAT -> engine.advance(Duration.ofSeconds(2));
            case STOP -> stop(name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverEndsATaskLetsTheNextBegin(Ending how) {
        create(how == Ending.TIMEOUT ? TASK.replace("\"HeartbeatSeconds\":30,", "") : TASK);
        limitTask(1);
        start("1");
        assertThat(asked()).containsExactly("1");
        if (how == Ending.TIMEOUT || how == Ending.HEARTBEAT) {
            // The one that waits is asked for later, so that its own time is not over.
            engine.forward(Duration.ofSeconds(29));
        }
        start("2");
        end(how, "1");
        assertThat(asked()).containsExactly("2");
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 0));
    }

    /** Its time counts from when it was asked for, not from when it is sent. */
    @Test
    void whatEndsBeforeItsTurnLeavesTheQueue() {
        create(PLAIN.replace("\"End\"", "\"TimeoutSeconds\":60,\"End\""));
        limitTask(1);
        start("1", "2", "3", "4");
        assertThat(asked()).containsExactly("1");
        stop("3");
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 2));
        engine.forward(Duration.ofSeconds(50));
        start("5");
        engine.advance(Duration.ofSeconds(11));
        // Those before have all timed out, one of them while it was out.
        assertThat(asked()).endsWith("5").doesNotContain("3");
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 0));
    }

    @Test
    void aRaisedLimitLetsMoreBeginAndALowerOneNone() {
        create(TASK);
        limitTask(1);
        start("1", "2", "3", "4", "5", "6");
        asked();
        limitTask(3);
        assertThat(asked()).containsExactly("2", "3");
        limitTask(1);
        answer("1");
        answer("2");
        assertThat(asked()).isEmpty();
        answer("3");
        assertThat(asked()).containsExactly("4");
    }

    @Test
    void aRemovedLimitLetsAllBegin() {
        create(PLAIN);
        limitTask(1);
        var many = 2 * LimitHomes.AT_ONCE + 5;
        for (var i = 0; i <= many; i++) {
            start("n" + i);
        }
        assertThat(asked()).containsExactly("n0");
        removeTaskLimit();
        engine.tick();
        var names = asked();
        assertThat(names).hasSize(many).startsWith("n1", "n2", "n3").endsWith("n" + many);
        // Those that were counted give back their turns still, and nothing is left.
        names.forEach(this::answer);
        answer("n0");
        assertThat(engine.get(RowKeys.limit(Arns.executionId(KEY)))).isNull();
        assertThat(engine.get(RowKeys.limitMark(Arns.executionId(KEY)))).isNull();
    }

    @Test
    void aLimitCountsWhatHasAskedSinceItWasSet() {
        create(TASK);
        start("before");
        limitTask(1);
        start("1", "2");
        assertThat(asked()).containsExactly("before", "1");
        answer("before");
        assertThat(asked()).isEmpty();
        // Removed and set again it knows of those that have asked it.
        removeTaskLimit();
        assertThat(asked()).containsExactly("2");
        start("free");
        assertThat(asked()).containsExactly("free");
        limitTask(2);
        start("3");
        assertThat(asked()).isEmpty();
        answer("1");
        assertThat(asked()).containsExactly("3");
    }

    @Test
    void whatIsNotLimitedTellsNobody() {
        create(TASK);
        limitTask(1);
        removeTaskLimit();
        engine.read(Topics.INTERNAL, Internal.class);
        start("1");
        assertThat(asked()).containsExactly("1");
        answer("1");
        assertThat(engine.read(Topics.INTERNAL, Internal.class)).isEmpty();
        assertThat(engine.read(Topics.HISTORY, HistoryRecord.class)).allSatisfy(record -> {
            assertThat(record.getLimited()).isEmpty();
            assertThat(record.getStateMachineLimited()).isFalse();
        });
    }

    /** The request's payload waits in another partition than its execution's. */
    @Test
    void aSealedRequestWaitsSealed() {
        engine.close();
        engine = new EngineUnderTest(new Sealing(MasterKeys.generate(), List.of()));
        engine.taskTopics.add("a");
        revision = engine.create("machine", PLAIN, true);
        limitTask(1);
        start("1");
        engine.start("machine", revision, "2", "{\"who\":\"MARKER\"}");
        assertThat(asked()).containsExactly("1");
        assertThat(rows()).isNotEmpty().noneMatch(row -> new String(row, ISO_8859_1).contains("MARKER"));
        answer("1");
        var records = engine.records(Topics.taskRequests("a"));
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().getHeaders().lastHeader(Topics.SEALED_HEADER))
                .isNotNull();
        assertThat(records.getFirst().getHeaders().lastHeader(Topics.TOKEN_HEADER))
                .isNotNull();
        var request = engine.decode(records.getFirst().getValue(), TaskRequest.class);
        assertThat(Payloads.json(request.getInput())).isEqualTo("{\"who\":\"MARKER\"}");
    }

    private List<byte[]> rows() {
        var place = RowKeys.queued(Arns.executionId(KEY), 0);
        var row = engine.get(Bytes.wrap(place.get()));
        return row == null ? List.of() : List.of(row);
    }

    /** A request that waited is the one that would have been sent, with its trace. */
    @Test
    void whatWasHeldBackIsSentAsItWas() {
        create(TASK);
        limitTask(1);
        engine.read(Topics.INTERNAL, Internal.class);
        start("1", "2");
        var asks = engine.read(Topics.INTERNAL, Internal.class).stream()
                .map(Internal::getBody)
                .filter(AskForTurn.class::isInstance)
                .map(ask -> ((AskForTurn) ask).getRequest())
                .toList();
        asked();
        answer("1");
        asked();
        assertThat(List.of(requests.get("1"), requests.get("2"))).isEqualTo(asks);
    }
}
