package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the limits of definitions let pass, and what not: at the limit, and one beyond it. */
class DefinitionLimitsTest {

    private static boolean isValid(String definition) {
        return StateMachine.parse(definition.replace('\'', '"')) instanceof Parsed.Valid;
    }

    private static boolean isValidState(String fields) {
        return isValid("{'StartAt':'S','States':{'S':{" + fields + ",'Next':'E'},'E':{'Type':'Succeed'}}}");
    }

    private static final String TASK = "'Type':'Task','Resource':'arn:aws:lambda:us-east-1:000000000000:function:f',";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'TimeoutSeconds':%d | 1 | 99999999",
                "'HeartbeatSeconds':%d | 1 | 99999999",
                "'Retry':[{'ErrorEquals':['a'],'MaxAttempts':%d}] | 0 | 99999999",
                "'Retry':[{'ErrorEquals':['a'],'IntervalSeconds':%d}] | 1 | 99999999",
                "'Retry':[{'ErrorEquals':['a'],'MaxDelaySeconds':%d}] | 1 | 31622400",
            })
    void numbersOfATask(String field, long least, long most) {
        assertThat(isValidState(TASK + field.formatted(least - 1))).isFalse();
        assertThat(isValidState(TASK + field.formatted(least))).isTrue();
        assertThat(isValidState(TASK + field.formatted(most))).isTrue();
        assertThat(isValidState(TASK + field.formatted(most + 1))).isFalse();
    }

    @Test
    void secondsOfAWait() {
        assertThat(isValidState("'Type':'Wait','Seconds':-1")).isFalse();
        assertThat(isValidState("'Type':'Wait','Seconds':0")).isTrue();
        assertThat(isValidState("'Type':'Wait','Seconds':99999999")).isTrue();
        assertThat(isValidState("'Type':'Wait','Seconds':100000000")).isFalse();
    }

    @Test
    void secondsOfTheMachine() {
        var machine = "{'TimeoutSeconds':%d,'StartAt':'E','States':{'E':{'Type':'Succeed'}}}";
        assertThat(isValid(machine.formatted(99_999_999))).isTrue();
        assertThat(isValid(machine.formatted(100_000_000))).isFalse();
    }

    @Test
    void aStatesName() {
        var machine = "{'StartAt':'%s','States':{'%1$s':{'Type':'Succeed'}}}";
        assertThat(isValid(machine.formatted("n".repeat(80)))).isTrue();
        assertThat(isValid(machine.formatted("n".repeat(81)))).isFalse();
        assertThat(isValid(machine.formatted(""))).isFalse();
    }

    @Test
    void aVariablesName() {
        assertThat(isValidState("'Type':'Pass','Assign':{'" + "v".repeat(80) + "':1}"))
                .isTrue();
        assertThat(isValidState("'Type':'Pass','Assign':{'" + "v".repeat(81) + "':1}"))
                .isFalse();
    }

    @Test
    void aDefinition() {
        var machine = "{'StartAt':'E','States':{'E':{'Type':'Succeed'}}}";
        assertThat(isValid(machine + " ".repeat(1_048_576 - machine.length()))).isTrue();
        assertThat(isValid(machine + " ".repeat(1_048_577 - machine.length()))).isFalse();
    }

    @Test
    void branchesInBranches() {
        var machine = "{'StartAt':'E','States':{'E':{'Type':'Succeed'}}}";
        for (var depth = 1; depth <= 16; depth++) {
            machine = "{'StartAt':'P%d','States':{'P%1$d':{'Type':'Parallel','End':true,'Branches':[%s]}}}"
                    .formatted(depth, machine);
        }
        assertThat(isValid(machine)).isTrue();
        assertThat(isValid(
                        "{'StartAt':'P','States':{'P':{'Type':'Parallel','End':true,'Branches':[" + machine + "]}}}"))
                .isFalse();
    }

    private static String nested(int depth) {
        return "States.Array(".repeat(depth) + "1" + ")".repeat(depth);
    }

    @Test
    void intrinsicFunctionsInIntrinsicFunctions() {
        assertThat(isValidState("'Type':'Pass','Parameters':{'a.$':'" + nested(10) + "'}"))
                .isTrue();
        assertThat(isValidState("'Type':'Pass','Parameters':{'a.$':'" + nested(11) + "'}"))
                .isFalse();
    }

    @Test
    void aPath() {
        assertThat(isValidState("'Type':'Pass','InputPath':'$." + "a".repeat(4_094) + "'"))
                .isTrue();
        assertThat(isValidState("'Type':'Pass','InputPath':'$." + "a".repeat(4_095) + "'"))
                .isFalse();
        assertThat(isValidState("'Type':'Pass','InputPath':'$..a..b'")).isTrue();
        assertThat(isValidState("'Type':'Pass','InputPath':'$..a..b..c'")).isFalse();
    }
}
