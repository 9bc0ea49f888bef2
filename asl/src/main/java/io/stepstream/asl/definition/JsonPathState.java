package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.data.MapExpression;
import io.stepstream.asl.data.Path;
import io.stepstream.asl.data.PathExpression;
import io.stepstream.asl.data.PathFilter;
import io.stepstream.asl.data.Timestamps;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The fields of a JSONPath state. */
final class JsonPathState implements StateLanguage {

    private final FieldReader fields;
    private final JsonPathFlow flow;

    JsonPathState(StateType type, FieldReader fields) {
        this.fields = fields;
        this.flow = new JsonPathFlow(
                fields.filter("InputPath"),
                // A Map's Parameters are its ItemSelector by an older name.
                type == StateType.MAP ? Optional.empty() : fields.template("Parameters"),
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
            return Optional.of(new State.Until.Timestamp(PathExpression.waitTimestamp(timestamp.get())));
        }
        var secondsPath = fields.path("SecondsPath")
                .<State.Until>map(p -> new State.Until.Seconds(PathExpression.waitSeconds(flow.inputPath(), p)));
        return secondsPath.or(() -> fields.path("TimestampPath")
                .map(p -> new State.Until.Timestamp(PathExpression.waitTimestamp(flow.inputPath(), p))));
    }

    @Override
    public Optional<Expression<String>> failText(String field) {
        var pathField = field + "Path";
        fields.text(field)
                .filter(Path::looksMeant)
                .ifPresent(any -> fields.findings().add(Rule.NO_PATH, fields.at(field), field));
        return fields.text(field).map(Expression::constant).or(() -> {
            var path = fields.text(pathField)
                    .flatMap(text -> fields.compiled(
                            pathField, () -> PathExpression.failText(pathField, text), Rule.SELECTION, pathField));
            path.ifPresent(known -> fields.refers(known.uses(), pathField));
            return path;
        });
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
    public Expression<Document> items(MapExpression.Items allowed) {
        return MapExpression.itemsAt(flow.inputPath(), fields.path("ItemsPath"), allowed);
    }

    @Override
    public Optional<Expression<Document>> template(FieldReader object, String field) {
        return object.template(field).map(template -> PathExpression.template(flow.inputPath(), template));
    }

    @Override
    public Optional<Expression<Long>> maxConcurrency() {
        return constantOr(fields, "MaxConcurrency", path -> MapExpression.maxConcurrencyAt(flow.inputPath(), path));
    }

    @Override
    public Optional<Expression<Long>> count(FieldReader object, String field) {
        return constantOr(object, field, path -> MapExpression.countAt(field, flow.inputPath(), path));
    }

    @Override
    public Optional<Expression<Double>> percentage(String field) {
        return fields.value(field)
                .filter(JsonNode::isNumber)
                .map(value -> Expression.constant(value.asDouble()))
                .or(() -> fields.path(field + "Path")
                        .map(path -> MapExpression.percentageAt(field, flow.inputPath(), path)));
    }

    @Override
    public Optional<Expression<Long>> maxItems(FieldReader readerConfig) {
        return constantOr(readerConfig, "MaxItems", path -> MapExpression.maxItemsAt(flow.inputPath(), path));
    }

    private static Optional<Expression<Long>> constantOr(
            FieldReader object, String field, Function<Path, Expression<Long>> atPath) {
        var constant = object.integer(field);
        return constant.isPresent()
                ? Optional.of(Expression.constant(constant.getAsLong()))
                : object.path(field + "Path").map(atPath);
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
