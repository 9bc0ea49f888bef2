package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableRulesTest {

    private static List<String> found(String definition) {
        var findings = switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var _, var warnings) -> warnings;
            case Parsed.Invalid(var all) -> all;
        };
        return findings.stream()
                .map(finding -> finding.severity().name().charAt(0) + " " + finding.path() + " "
                        + finding.message().replaceAll("^[^']*'([^']*)'.*$", "$1"))
                .toList();
    }

    /** States are named A, B, C, ...; single quotes stand for double ones. */
    private static String machine(String... states) {
        var written = new ArrayList<String>();
        for (var state : states) {
            written.add("'" + (char) ('A' + written.size()) + "':{" + state + "}");
        }
        return ("{'StartAt':'A','States':{" + String.join(",", written) + "}}").replace('\'', '"');
    }

    private static String pass(String next, String fields) {
        return "'Type':'Pass','Next':'" + next + "'," + fields;
    }

    private static String last(String fields) {
        return "'Type':'Pass','End':true," + fields;
    }

    private static final String READS_X = "'Parameters':{'a.$':'$x'}";
    private static final String ASSIGNS_X = "'Assign':{'x':1}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "'Parameters':{'a.$':'$x.b'} | W /States/A/Parameters x",
                "'InputPath':'$x' | W /States/A/InputPath x",
                "'OutputPath':'$x[0]' | W /States/A/OutputPath x",
                "'Parameters':{'a.$':'States.ArrayLength($x)'} | W /States/A/Parameters x",
                "'Assign':{'y.$':'$x'} | W /States/A/Assign x",
                "'Assign':{'x.$':'$x'} | W /States/A/Assign x",
                "'QueryLanguage':'JSONata','Output':{'a':['{% $x %}']} | W /States/A/Output/a[0] x",
                "'QueryLanguage':'JSONata','Output':'{% ($x := 1; $sum([$x, $states.input.y])) %}' | -",
                "'QueryLanguage':'JSONata','Output':'{% $map($states.input, function($x) { $x }) %}' | -",
                "'QueryLanguage':'JSONata','Output':'{% $unknown(1) %}' | W /States/A/Output unknown",
                "'Parameters':{'a.$':'$$.State.Name'} | -",
            })
    void oneState(String fields, @org.jspecify.annotations.Nullable String finding) {
        assertThat(found(machine(last(fields)))).isEqualTo(finding == null ? List.of() : List.of(finding));
    }

    @Test
    void everyFieldThatTakesAPath() {
        assertThat(found(machine("'Type':'Wait','End':true,'SecondsPath':'$x'")))
                .containsExactly("W /States/A/SecondsPath x");
        assertThat(found(machine("'Type':'Fail','CausePath':'$x','ErrorPath':'States.Format($y)'")))
                .containsExactly("W /States/A/ErrorPath y", "W /States/A/CausePath x");
        assertThat(found(machine(
                        "'Type':'Choice','Choices':[{'Not':{'Variable':'$x','StringEqualsPath':'$y'},'Next':'B'}]",
                        "'Type':'Succeed'")))
                .containsExactly(
                        "W /States/A/Choices[0]/Not/Variable x", "W /States/A/Choices[0]/Not/StringEqualsPath y");
        assertThat(found(machine(
                        "'Type':'Task','End':true,'Resource':'arn:aws:lambda:us-east-1:000000000000:function:f',"
                                + "'TimeoutSecondsPath':'$t','HeartbeatSecondsPath':'$h','Credentials':{'RoleArn.$':'$r'},"
                                + "'ResultSelector':{'a.$':'$s'}")))
                .containsExactlyInAnyOrder(
                        "W /States/A/TimeoutSecondsPath t",
                        "W /States/A/HeartbeatSecondsPath h",
                        "W /States/A/Credentials r",
                        "W /States/A/ResultSelector s");
    }

    @Test
    void aStateBeforeAssigns() {
        assertThat(found(machine(pass("B", ASSIGNS_X), last(READS_X)))).isEmpty();
        assertThat(found(machine(pass("B", "'Assign':{'x.$':'$.a'}"), pass("C", READS_X), last(READS_X))))
                .isEmpty();
        assertThat(found(machine(pass("B", READS_X), last(ASSIGNS_X)))).containsExactly("W /States/A/Parameters x");
    }

    @Test
    void oneOfSeveralWaysAssigns() {
        var choice = "'Type':'Choice','Assign':{'d':1},'Default':'C','Choices':"
                + "[{'Variable':'$.a','IsNull':true,'Assign':{'x':1},'Next':'B'}]";
        assertThat(found(machine(choice, pass("C", READS_X), last(READS_X)))).isEmpty();
        assertThat(found(machine(choice, last(READS_X), last(READS_X)))).containsExactly("W /States/C/Parameters x");
        var readsD = "'Parameters':{'a.$':'$d'}";
        assertThat(found(machine(choice, last(readsD), last(readsD)))).containsExactly("W /States/B/Parameters d");
    }

    @Test
    void aLoopAssignsForTheStatesThatItComesBackTo() {
        var choice = "'Type':'Choice','Choices':[{'Variable':'$.a','IsNull':true,'Next':'A'}],'Default':'D'";
        assertThat(found(machine(pass("B", READS_X), pass("C", ASSIGNS_X), choice, "'Type':'Succeed'")))
                .isEmpty();
    }

    @Test
    void aCatcherAssignsWhereItLeads() {
        var task = "'Type':'Task','Resource':'arn:aws:lambda:us-east-1:000000000000:function:f','Next':'B',"
                + "'Catch':[{'ErrorEquals':['States.ALL'],'Assign':{'x.$':'$.Cause'},'Next':'C'}]";
        assertThat(found(machine(task, last(READS_X), last(READS_X)))).containsExactly("W /States/B/Parameters x");
    }

    private static String parallel(String leads, String... inside) {
        var branches = new ArrayList<String>();
        for (var fields : inside) {
            var name = "b" + branches.size();
            branches.add("{'StartAt':'" + name + "','States':{'" + name + "':{" + last(fields) + "}}}");
        }
        return "'Type':'Parallel','Branches':[" + String.join(",", branches) + "]," + leads;
    }

    @Test
    void aBranchSeesWhatIsAssignedOutsideBeforeIt() {
        assertThat(found(machine(pass("B", ASSIGNS_X), parallel("'End':true", READS_X))))
                .isEmpty();
        var missing = "W /States/A/Branches[0]/States/b0/Parameters x";
        assertThat(found(machine(parallel("'Next':'B'", READS_X), last(ASSIGNS_X))))
                .containsExactly(missing);
        assertThat(found(machine(parallel("'End':true," + ASSIGNS_X, READS_X)))).containsExactly(missing);
        assertThat(found(machine(parallel("'Next':'B'", ASSIGNS_X), last(READS_X))))
                .containsExactly("W /States/B/Parameters x");
    }

    @Test
    void aBranchAssignsNoVariableThatAnOuterScopeHasAssigned() {
        var refused = "E /States/B/Branches[0]/States/b0/Assign x";
        assertThat(found(machine(pass("B", ASSIGNS_X), parallel("'End':true", ASSIGNS_X))))
                .containsExactly(refused);
        var catches = "'Catch':[{'ErrorEquals':['States.ALL'],'Assign':{'x':1},'Next':'%s'}],'Next':'C'";
        assertThat(found(machine(
                        pass("B", "'Result':1"), parallel(catches.formatted("C"), ASSIGNS_X), last("'Result':1"))))
                .isEmpty();
        assertThat(found(machine(
                        pass("B", "'Result':1"), parallel(catches.formatted("A"), ASSIGNS_X), last("'Result':1"))))
                .containsExactly(refused);
        assertThat(found(machine(parallel("'Next':'B'", ASSIGNS_X), last(ASSIGNS_X))))
                .isEmpty();
        assertThat(found(machine(parallel("'End':true", ASSIGNS_X, ASSIGNS_X)))).isEmpty();
    }

    @Test
    void aLargeMachineTakesLinearTime() {
        var states = new StringBuilder();
        var count = 4_000;
        for (var i = 0; i < count; i++) {
            states.append("'S%d':{'Type':'Pass','Assign':{'v%d':1},'Parameters':{'a.$':'$v%d'},%s},"
                    .formatted(i, i, (i + 1) % count, i == count - 1 ? "'End':true" : "'Next':'S" + (i + 1) + "'"));
        }
        var definition = ("{'StartAt':'S0','States':{" + states + "'Z':{'Type':'Succeed'}}}").replace("'", "\"");
        var findings = org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> found(definition));
        assertThat(findings).hasSize(count);
    }
}
