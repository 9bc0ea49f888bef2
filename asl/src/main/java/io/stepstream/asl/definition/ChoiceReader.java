package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.ChoiceOperator;
import io.stepstream.asl.data.Condition;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.data.Path;
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
                findings.add(Rule.VALUE_TYPE, at, "Object");
                continue;
            }
            var fields = new FieldReader(rule, at, findings);
            if (fields.text("Next").isEmpty()) {
                findings.add(Rule.REQUIRED_FIELDS, at, "[Next]");
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
                findings.add(Rule.UNSUPPORTED_FIELD, at, field);
            }
        }
        if (operators.size() != 1) {
            findings.add(Rule.CHOICE_OPERATOR, at, operators);
            return Optional.empty();
        }
        var operator = operators.getFirst();
        return COMBINATIONS.contains(operator) ? combination(operator, rule, at) : comparison(operator, rule, at);
    }

    private Optional<Condition> combination(String operator, ObjectNode rule, String at) {
        if (rule.has("Variable")) {
            findings.add(Rule.UNSUPPORTED_FIELD, at, "Variable");
        }
        var inside = rule.get(operator);
        if (operator.equals("Not")) {
            return nested(inside, at + "/Not").map(Condition.Not::new);
        }
        if (!inside.isArray() || inside.isEmpty()) {
            if (inside.isArray()) {
                findings.add(Rule.VALUE_EMPTY, at + "/" + operator);
            } else {
                findings.add(Rule.VALUE_TYPE, at + "/" + operator, "Array");
            }
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
        findings.add(Rule.VALUE_TYPE, at, "Object");
        return Optional.empty();
    }

    private Optional<Condition> comparison(String field, ObjectNode rule, String at) {
        var fields = new FieldReader(rule, at, findings);
        if (fields.text("Variable").isEmpty()) {
            findings.add(Rule.REQUIRED_FIELDS, at, "[Variable]");
        }
        var variable = fields.path("Variable");
        var operator = operator(field).orElseThrow();
        var operand = rule.get(field);
        if (isPathForm(field)) {
            if (!operand.isTextual()) {
                findings.add(Rule.VALUE_TYPE, at + "/" + field, "String");
            }
            var other = fields.path(field);
            return variable.flatMap(left -> other.map(right -> new Condition.WithPath(left, operator, right)));
        }
        if (!operator.type().accepts(operand)) {
            if (operator.type() == ChoiceOperator.Type.TIMESTAMP && operand.isTextual()) {
                findings.add(Rule.TIMESTAMP, at + "/" + field);
            } else {
                findings.add(Rule.VALUE_TYPE, at + "/" + field, operator.type().jsonType());
            }
            return Optional.empty();
        }
        if (operator.type().hasPathForm() && operand.isTextual() && Path.looksMeant(operand.asText())) {
            findings.add(Rule.NO_PATH, at + "/" + field, field);
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
