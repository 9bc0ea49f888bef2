package io.stepstream.gateway.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the approvals that a definition has spelt out, so that a form that nobody could fill in is refused when it is deployed and
 * not when somebody waits. What is only known at run time is looked at then.
 */
public final class DefinitionApprovals {

    private static final String CODE = "INVALID_APPROVAL";

    private DefinitionApprovals() {}

    /** What is wrong with the approvals of a valid definition. */
    public static List<Finding> findings(JsonNode definition) {
        var findings = new ArrayList<Finding>();
        walk(definition, "", findings);
        return findings;
    }

    private static void walk(JsonNode machine, String path, List<Finding> findings) {
        for (var state : machine.path("States").properties()) {
            var where = path + "/States/" + state.getKey();
            for (var parameters : List.of("Parameters", "Arguments")) {
                var given = state.getValue().path(parameters);
                check(given, where + "/" + parameters, findings);
                check(given.path("Payload"), where + "/" + parameters + "/Payload", findings);
            }
            var index = 0;
            for (var branch : state.getValue().path("Branches")) {
                walk(branch, where + "/Branches/" + index++, findings);
            }
            for (var processor : List.of("ItemProcessor", "Iterator")) {
                walk(state.getValue().path(processor), where + "/" + processor, findings);
            }
        }
    }

    private static void check(JsonNode input, String where, List<Finding> findings) {
        if (!(input.path(ApprovalSpec.MEMBER) instanceof ObjectNode spec)) {
            return;
        }
        var known = spec.deepCopy();
        spec.properties().forEach(member -> {
            if (isDynamic(member.getKey(), member.getValue())) {
                known.remove(member.getKey());
            }
        });
        try {
            var unused = ApprovalSpec.parse(known);
        } catch (InvalidApproval e) {
            findings.add(new Finding(
                    Finding.Severity.ERROR,
                    CODE,
                    where + "/" + ApprovalSpec.MEMBER + e.path(),
                    String.valueOf(e.getMessage()),
                    "See docs/approvals.md for what an approval may say"));
        }
    }

    /** Whether a member, or something in it, is only known at run time: a path, or a JSONata expression. */
    private static boolean isDynamic(String key, JsonNode value) {
        if (key.endsWith(".$") || value.isTextual() && value.textValue().startsWith("{%")) {
            return true;
        }
        for (var member : value.properties()) {
            if (isDynamic(member.getKey(), member.getValue())) {
                return true;
            }
        }
        return false;
    }
}
