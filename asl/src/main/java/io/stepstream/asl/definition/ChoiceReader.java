package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.ChoiceOperator;
import io.stepstream.asl.data.Condition;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.data.PathFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the choice rules of a Choice state. */
final class ChoiceReader {

    private static final String PATH = "Path";
    private static final Set<String> COMBINATIONS = Set.of("And", "Or", "Not");
    private static final Set<String> RULE_FIELDS = Set.of("Next", "Assign", "Comment");

    private final Findings findings;
    private final PathFilter inputPath;
    private final PathFilter outputPath;

    ChoiceReader(Findings findings, PathFilter inputPath, PathFilter outputPath) {
        this.findings = findings;
        this.inputPath = inputPath;
        this.outputPath = outputPath;
    }

    List<State.ChoiceRule> rules(JsonNode choices, String path) {
        var rules = new ArrayList<State.ChoiceRule>();
        for (var i = 0; i < choices.size(); i++) {
            var at = path + "/Choices[" + i + "]";
            if (!(choices.get(i) instanceof ObjectNode rule)) {
                findings.schema(at, "Expected value of type Object", "Make it a choice rule");
                continue;
            }
            var fields = new FieldReader(rule, at, findings);
            if (fields.text("Next").isEmpty()) {
                findings.schema(at, "These fields are required: [Next]", "Name the state to go to");
            }
            var flow = flow(fields);
            condition(rule, at, true)
                    .ifPresent(condition -> fields.text("Next")
                            .ifPresent(next -> rules.add(
                                    new State.ChoiceRule(Condition.expression(inputPath, condition), next, flow))));
        }
        return rules;
    }

    /** The flow of a rule, or of the Default: its Assign, and the state's OutputPath. */
    JsonPathFlow flow(FieldReader fields) {
        return new JsonPathFlow(
                inputPath,
                Optional.empty(),
                Optional.empty(),
                new JsonPathFlow.ResultPath.Replace(),
                outputPath,
                fields.assign());
    }

    private Optional<Condition> condition(ObjectNode rule, String at, boolean top) {
        var operators = new ArrayList<String>();
        for (var entry : rule.properties()) {
            var field = entry.getKey();
            if (COMBINATIONS.contains(field) || operator(field).isPresent()) {
                operators.add(field);
            } else if (!field.equals("Variable") && !field.equals("Comment") && !(top && RULE_FIELDS.contains(field))) {
                findings.schema(
                        at + "/" + field,
                        "Field '" + field + "' is not supported in a choice rule",
                        "Remove it; only a rule at the top has " + RULE_FIELDS);
            }
        }
        if (operators.size() != 1) {
            findings.schema(
                    at,
                    "A choice rule must have exactly one comparison operator, but has: " + operators,
                    "Give one operator such as StringEquals, or And, Or, Not");
            return Optional.empty();
        }
        var operator = operators.getFirst();
        return COMBINATIONS.contains(operator) ? combination(operator, rule, at) : comparison(operator, rule, at);
    }

    private Optional<Condition> combination(String operator, ObjectNode rule, String at) {
        if (rule.has("Variable")) {
            findings.schema(at + "/Variable", "Field 'Variable' is not supported beside " + operator, "Remove it");
        }
        var inside = rule.get(operator);
        if (operator.equals("Not")) {
            return nested(inside, at + "/Not").map(Condition.Not::new);
        }
        if (!inside.isArray() || inside.isEmpty()) {
            findings.schema(
                    at + "/" + operator,
                    inside.isArray() ? "Value cannot be empty" : "Expected value of type Array",
                    "List the rules to combine");
            return Optional.empty();
        }
        var conditions = new ArrayList<Condition>();
        for (var i = 0; i < inside.size(); i++) {
            nested(inside.get(i), at + "/" + operator + "[" + i + "]").ifPresent(conditions::add);
        }
        return Optional.of(operator.equals("And") ? new Condition.And(conditions) : new Condition.Or(conditions));
    }

    private Optional<Condition> nested(JsonNode rule, String at) {
        if (rule instanceof ObjectNode object) {
            return condition(object, at, false);
        }
        findings.schema(at, "Expected value of type Object", "Make it a choice rule");
        return Optional.empty();
    }

    private Optional<Condition> comparison(String field, ObjectNode rule, String at) {
        var fields = new FieldReader(rule, at, findings);
        if (fields.text("Variable").isEmpty()) {
            findings.schema(at, "These fields are required: [Variable]", "Say with a path what is compared");
        }
        var variable = fields.path("Variable");
        var operator = operator(field).orElseThrow();
        var operand = rule.get(field);
        if (isPathForm(field)) {
            if (!operand.isTextual()) {
                findings.schema(at + "/" + field, "Expected value of type String", "Give a path");
            }
            var other = fields.path(field);
            return variable.flatMap(left -> other.map(right -> new Condition.WithPath(left, operator, right)));
        }
        if (!operator.type().accepts(operand)) {
            var message = operator.type() == ChoiceOperator.Type.TIMESTAMP
                    ? "String does not match RFC3339 timestamp"
                    : "The value of '" + field + "' is of the wrong type: " + operand;
            findings.schema(
                    at + "/" + field,
                    message,
                    "Give a constant of the operator's type, or use the operator's Path form");
            return Optional.empty();
        }
        return variable.map(left -> new Condition.WithConstant(left, operator, operand));
    }

    private static boolean isPathForm(String field) {
        return field.endsWith(PATH) && ChoiceOperator.named(field).isEmpty();
    }

    private static Optional<ChoiceOperator> operator(String field) {
        return isPathForm(field)
                ? ChoiceOperator.named(field.substring(0, field.length() - PATH.length()))
                        .filter(operator -> operator.type().hasPathForm())
                : ChoiceOperator.named(field);
    }
}
