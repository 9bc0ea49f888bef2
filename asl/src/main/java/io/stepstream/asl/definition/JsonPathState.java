package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.data.PathExpression;
import io.stepstream.asl.data.PathFilter;
import io.stepstream.asl.data.Timestamps;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The fields of a JSONPath state. */
final class JsonPathState implements StateLanguage {

    private final FieldReader fields;
    private final JsonPathFlow flow;

    JsonPathState(FieldReader fields) {
        this.fields = fields;
        this.flow = new JsonPathFlow(
                fields.filter("InputPath"),
                fields.template("Parameters"),
                fields.template("ResultSelector"),
                fields.resultPath(),
                fields.filter("OutputPath"),
                fields.assign());
    }

    @Override
    public DataFlow flow() {
        return flow;
    }

    @Override
    public Optional<Expression<Long>> taskSeconds(String field) {
        var constant = fields.integer(field);
        if (constant.isPresent()) {
            return Optional.of(Expression.constant(constant.getAsLong()));
        }
        return fields.path(field + "Path")
                .map(path -> PathExpression.taskSeconds(field + "Path", flow.inputPath(), path));
    }

    @Override
    public Optional<State.Until> until() {
        var seconds = fields.integer("Seconds");
        if (seconds.isPresent()) {
            return Optional.of(new State.Until.Seconds(Expression.constant(seconds.getAsLong())));
        }
        var timestamp = fields.text("Timestamp").flatMap(Timestamps::parse);
        if (timestamp.isPresent()) {
            return Optional.of(new State.Until.Timestamp(Expression.constant(timestamp.get())));
        }
        var secondsPath = fields.path("SecondsPath")
                .<State.Until>map(p -> new State.Until.Seconds(PathExpression.waitSeconds(flow.inputPath(), p)));
        return secondsPath.or(() -> fields.path("TimestampPath")
                .map(p -> new State.Until.Timestamp(PathExpression.waitTimestamp(flow.inputPath(), p))));
    }

    @Override
    public Optional<Expression<String>> failText(String field) {
        var pathField = field + "Path";
        return fields.text(field)
                .map(Expression::constant)
                .or(() -> fields.text(pathField)
                        .flatMap(text -> fields.compiled(
                                pathField,
                                "The value for the field '" + pathField
                                        + "' must be a valid JSONPath or a valid intrinsic function call",
                                () -> PathExpression.failText(pathField, text))));
    }

    @Override
    public Optional<Expression<Document>> credentials() {
        return fields.template("Credentials").map(template -> PathExpression.template(flow.inputPath(), template));
    }

    @Override
    public List<State.ChoiceRule> choiceRules(JsonNode choices) {
        return new ChoiceReader(fields.findings(), flow.inputPath(), flow.outputPath()).rules(choices, fields.path());
    }

    @Override
    public Set<String> catcherFields() {
        return Set.of("ResultPath", "Assign");
    }

    @Override
    public DataFlow catcherFlow(FieldReader catcher) {
        return new JsonPathFlow(
                new PathFilter.Everything(),
                Optional.empty(),
                Optional.empty(),
                catcher.resultPath(),
                new PathFilter.Everything(),
                catcher.assign());
    }
}
