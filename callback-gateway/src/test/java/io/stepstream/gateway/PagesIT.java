package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Arns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Between two pages of a list, the last item that was shown goes and another one comes: nothing is shown twice, and nothing that stays is left out. */
@ExtendWith(SharedStack.class)
class PagesIT {
    private static final String ROLE = "arn:aws:iam::000000000000:role/r";

    private final Api api;

    PagesIT(Stack stack) {
        api = stack.api;
    }

    private JsonNode aws(String operation, String json) throws Exception {
        var reply = api.aws(operation, json);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static String pass(String comment) {
        return "{\\'Comment\\':\\'%s\\',\\'StartAt\\':\\'A\\',\\'States\\':{\\'A\\':{\\'Type\\':\\'Pass\\',\\'End\\':true}}}"
                .formatted(comment);
    }

    private String machine(String name) throws Exception {
        return aws(
                        "CreateStateMachine",
                        "{'name':'%s','roleArn':'%s','definition':'%s','publish':true}"
                                .formatted(name, ROLE, pass("1")))
                .get("stateMachineArn")
                .asText();
    }

    /** What changes a list. */
    private interface Change {
        void make() throws Exception;
    }

    /** The first page of two, a change, and all other pages: the last words of what they show. */
    private List<String> pages(String operation, String of, String list, String member, Change change)
            throws Exception {
        var shown = new ArrayList<String>();
        var page = aws(operation, "{%s'maxResults':2}".formatted(of));
        page.get(list).findValuesAsText(member).forEach(shown::add);
        change.make();
        while (page.has("nextToken")) {
            page = aws(
                    operation,
                    "{%s'maxResults':2,'nextToken':'%s'}"
                            .formatted(of, page.get("nextToken").asText()));
            page.get(list).findValuesAsText(member).forEach(shown::add);
        }
        return shown.stream()
                .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
                .toList();
    }

    @Test
    void aliasesOldestFirst() throws Exception {
        var machine = machine("paged-aliases");
        for (var name : List.of("d", "c", "b", "a")) {
            alias(machine, name);
        }
        var shown = pages(
                "ListStateMachineAliases",
                "'stateMachineArn':'%s',".formatted(machine),
                "stateMachineAliases",
                "stateMachineAliasArn",
                () -> {
                    aws("DeleteStateMachineAlias", "{'stateMachineAliasArn':'%s:c'}".formatted(machine));
                    alias(machine, "e");
                });
        assertThat(shown).containsExactly("d", "c", "b", "a", "e");
    }

    private void alias(String machine, String name) throws Exception {
        aws(
                "CreateStateMachineAlias",
                "{'name':'%s','routingConfiguration':[{'stateMachineVersionArn':'%s:1','weight':100}]}"
                        .formatted(name, machine));
    }

    @Test
    void versionsLatestFirst() throws Exception {
        var machine = machine("paged-versions");
        for (var version : List.of("2", "3", "4")) {
            publish(machine, version);
        }
        var shown = pages(
                "ListStateMachineVersions",
                "'stateMachineArn':'%s',".formatted(machine),
                "stateMachineVersions",
                "stateMachineVersionArn",
                () -> {
                    aws("DeleteStateMachineVersion", "{'stateMachineVersionArn':'%s:3'}".formatted(machine));
                    publish(machine, "5");
                });
        assertThat(shown).containsExactly("4", "3", "2", "1");
    }

    private void publish(String machine, String comment) throws Exception {
        aws(
                "UpdateStateMachine",
                "{'stateMachineArn':'%s','definition':'%s','publish':true}".formatted(machine, pass(comment)));
    }

    @Test
    void executionsLatestFirst() throws Exception {
        var machine = machine("paged-executions");
        for (var name : List.of("1", "2", "3", "4")) {
            start(machine, name);
        }
        var shown = pages(
                "ListExecutions",
                "'stateMachineArn':'%s',".formatted(machine),
                "executions",
                "executionArn",
                () -> start(machine, "5"));
        assertThat(shown).containsExactly("4", "3", "2", "1");
    }

    private void start(String machine, String name) throws Exception {
        aws("StartExecution", "{'stateMachineArn':'%s','name':'%s'}".formatted(machine, name));
    }

    /** Others have activities and state machines here too; these have names that come before. */
    @Test
    void activitiesAndStateMachinesByName() throws Exception {
        for (var name : List.of("0-1", "0-2", "0-3", "0-4")) {
            aws("CreateActivity", "{'name':'%s'}".formatted(name));
            machine(name);
        }
        assertThat(pages("ListActivities", "", "activities", "activityArn", () -> {
                    aws("DeleteActivity", "{'activityArn':'%s'}".formatted(Arns.DEFAULT.activity("0-2")));
                    aws("CreateActivity", "{'name':'0-20'}");
                }))
                .startsWith("0-1", "0-2", "0-20", "0-3", "0-4")
                .doesNotHaveDuplicates();
        assertThat(pages("ListStateMachines", "", "stateMachines", "stateMachineArn", () -> {
                    aws("DeleteStateMachine", "{'stateMachineArn':'%s'}".formatted(Arns.DEFAULT.stateMachine("0-2")));
                    machine("0-20");
                }))
                .startsWith("0-1", "0-2", "0-20", "0-3", "0-4")
                .doesNotHaveDuplicates();
    }
}
