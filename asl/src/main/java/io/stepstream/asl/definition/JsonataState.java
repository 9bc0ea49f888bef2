package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.JsonataFlow;
import io.stepstream.asl.data.JsonataFlow.ResultName;
import io.stepstream.asl.data.JsonataTemplate;
import io.stepstream.asl.data.JsonataValue;
import io.stepstream.asl.data.MapExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fields of a JSONata state. */
final class JsonataState implements StateLanguage {

    private static final Set<String> RULE_FIELDS = Set.of("Condition", "Next", "Assign", "Output", "Comment");

    private final FieldReader fields;
    private final JsonataFlow flow;

    JsonataState(StateType type, FieldReader fields) {
        this.fields = fields;
        var resultName = switch (type) {
            case TASK, PARALLEL, MAP -> ResultName.RESULT;
            case PASS, CHOICE, WAIT, SUCCEED, FAIL -> ResultName.NONE;
        };
        this.flow = new JsonataFlow(
                fields.jsonata("Arguments"), fields.jsonata("Output"), fields.jsonataAssign(), resultName);
    }

    @Override
    public DataFlow flow() {
        return flow;
    }

    @Override
    public Optional<Expression<Long>> taskSeconds(String field) {
        return fields.jsonata(field).map(template -> JsonataValue.seconds(field, template, 1));
    }

    @Override
    public Optional<State.Until> until() {
        var seconds = fields.jsonata("Seconds")
                .<State.Until>map(template -> new State.Until.Seconds(JsonataValue.seconds("Seconds", template, 0)));
        return seconds.or(() -> fields.jsonata("Timestamp")
                .map(template -> new State.Until.Timestamp(JsonataValue.timestamp("Timestamp", template))));
    }

    @Override
    public Optional<Expression<String>> failText(String field) {
        return fields.jsonata(field).map(template -> JsonataValue.text(field, template));
    }

    @Override
    public Optional<Expression<Document>> credentials() {
        return fields.jsonata("Credentials").map(JsonataValue::json);
    }

    @Override
    public List<State.ChoiceRule> choiceRules(JsonNode choices) {
        var rules = new ArrayList<State.ChoiceRule>();
        for (var i = 0; i < choices.size(); i++) {
            var at = fields.path() + "/Choices[" + i + "]";
            if (!(choices.get(i) instanceof ObjectNode object)) {
                fields.findings().add(Rule.VALUE_TYPE, at, "Object");
                continue;
            }
            var rule = new FieldReader(object, at, fields.findings());
            rule.only(RULE_FIELDS);
            rule.require("Condition", "Next");
            var ruleFlow =
                    new JsonataFlow(Optional.empty(), rule.jsonata("Output"), rule.jsonataAssign(), ResultName.NONE);
            var field = "Choices[" + i + "]/Condition";
            rule.jsonata("Condition")
                    .map(template -> JsonataValue.condition(field, template))
                    .ifPresent(condition -> rule.text("Next")
                            .ifPresent(next -> rules.add(new State.ChoiceRule(condition, next, ruleFlow))));
        }
        return rules;
    }

    @Override
    public Expression<Document> items(MapExpression.Items allowed) {
        return fields.jsonata("Items")
                .map(template -> MapExpression.items(template, allowed))
                .orElseGet(() -> MapExpression.itemsOfInput(allowed));
    }

    @Override
    public Optional<Expression<Document>> template(FieldReader object, String field) {
        return object.jsonata(field).map(JsonataValue::json);
    }

    @Override
    public Optional<Expression<Long>> maxConcurrency() {
        return fields.jsonata("MaxConcurrency").map(MapExpression::maxConcurrency);
    }

    @Override
    public Optional<Expression<Long>> count(FieldReader object, String field) {
        return object.jsonata(field).map(template -> MapExpression.count(field, template));
    }

    @Override
    public Optional<Expression<Double>> percentage(String field) {
        return fields.jsonata(field).map(template -> MapExpression.percentage(field, template));
    }

    @Override
    public Optional<Expression<Long>> maxItems(FieldReader readerConfig) {
        return readerConfig.jsonata("MaxItems").map(MapExpression::maxItems);
    }

    @Override
    public Set<String> catcherFields() {
        return Set.of("Output", "Assign");
    }

    @Override
    public DataFlow catcherFlow(FieldReader catcher) {
        return new JsonataFlow(
                Optional.<JsonataTemplate>empty(),
                catcher.jsonata("Output"),
                catcher.jsonataAssign(),
                ResultName.ERROR_OUTPUT);
    }
}
