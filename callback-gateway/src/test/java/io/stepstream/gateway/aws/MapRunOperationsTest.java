package io.stepstream.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.gateway.http.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapRunOperationsTest {

    /** Of six children with two items each, one has succeeded; a redrive has told that one of the others cannot go on. */
    @ParameterizedTest
    @CsvSource({"false, 1, 1", "true, 5, 10"})
    void afterTheTimeForItNothingOfARunCanBeRedriven(boolean isOver, int children, int items) throws Exception {
        var run = Json.parseObject("""
                {"mapRunArn":"m","executionArn":"e","status":"FAILED","startDate":1000,"stopDate":2000,
                 "read":12,"taken":12,"started":6,"succeeded":1,"failed":2,"timedOut":1,"aborted":2,
                 "itemsSucceeded":2,"itemsFailed":4,"itemsTimedOut":2,"itemsAborted":4,
                 "notRedrivable":1,"redriveIsOver":%b}""".formatted(isOver));
        var shown = MapRunOperations.described(run);
        assertThat(shown.at("/executionCounts/failuresNotRedrivable").asInt()).isEqualTo(children);
        assertThat(shown.at("/itemCounts/failuresNotRedrivable").asInt()).isEqualTo(items);
        assertThat(shown.at("/executionCounts/running").asInt()).isZero();
        assertThat(shown.at("/itemCounts/running").asInt()).isZero();
    }
}
