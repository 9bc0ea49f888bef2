package io.stepstream.asl.definition;

import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.MapExpression;
import io.stepstream.asl.data.Uses;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a Map state. */
final class MapReader {

    private static final List<String> OF_DISTRIBUTED = List.of("Label", "ItemReader", "ItemBatcher", "ResultWriter");

    private final GraphReader graphs;
    private final Findings findings;
    private final QueryLanguage queryLanguage;
    private final FieldReader fields;
    private final StateLanguage language;

    MapReader(
            GraphReader graphs,
            Findings findings,
            QueryLanguage queryLanguage,
            FieldReader fields,
            StateLanguage language) {
        this.graphs = graphs;
        this.findings = findings;
        this.queryLanguage = queryLanguage;
        this.fields = fields;
        this.language = language;
    }

    private enum Mode {
        INLINE,
        DISTRIBUTED
    }

    Optional<State> read(String name) {
        var distribution = mode() == Mode.DISTRIBUTED
                ? Optional.of(new DistributionReader(findings, queryLanguage, fields, language).read(executionType()))
                : Optional.<Distribution>empty();
        if (distribution.isEmpty()) {
            checkInline();
        } else if (graphs.workflow() == WorkflowType.EXPRESS) {
            findings.add(Rule.DISTRIBUTED_IN_EXPRESS, fields.path());
        }
        var allowed = distribution.isPresent() ? MapExpression.Items.ARRAY_OR_OBJECT : MapExpression.Items.ARRAY;
        var items = language.items(allowed);
        var selector = language.template(fields, "ItemSelector").or(() -> language.template(fields, "Parameters"));
        var maxConcurrency = language.maxConcurrency();
        var failureCount = language.count(fields, "ToleratedFailureCount");
        var failurePercentage = language.percentage("ToleratedFailurePercentage");
        var rules = new ErrorRulesReader(findings);
        var retriers = rules.retriers(fields.json(), fields.path());
        var catchers = rules.catchers(fields.json(), fields.path(), language);
        var uses = Stream.of(
                        Optional.of(items),
                        selector,
                        maxConcurrency,
                        failureCount,
                        failurePercentage,
                        distribution.flatMap(Distribution::itemReader).map(ItemReader::arguments))
                .flatMap(Optional::stream)
                .map(Expression::uses)
                .reduce(language.flow().uses().and(StateReader.uses(catchers)), Uses::and);
        return processor(distribution)
                .map(processor -> new State.Map(
                        name,
                        language.flow(),
                        uses,
                        items,
                        selector,
                        maxConcurrency,
                        failureCount,
                        failurePercentage,
                        processor,
                        distribution,
                        retriers,
                        catchers,
                        StateReader.transition(fields)));
    }

    private Optional<FieldReader> given() {
        return fields.inside("ItemProcessor").or(() -> fields.inside("Iterator"));
    }

    private Optional<FieldReader> config() {
        return given().flatMap(processor -> processor.inside(MapFields.PROCESSOR_CONFIG.object()));
    }

    private Mode mode() {
        given().flatMap(processor -> processor.value(MapFields.PROCESSOR_CONFIG.object()))
                .filter(config -> !config.isObject())
                .ifPresent(_ -> findings.add(
                        Rule.VALUE_TYPE, given().orElseThrow().at(MapFields.PROCESSOR_CONFIG.object()), "Object"));
        config().ifPresent(config ->
                MapFields.PROCESSOR_CONFIG.check(queryLanguage, config.json(), config.path(), findings));
        return config().flatMap(config -> config.oneOf("Mode", Mode.class)).orElse(Mode.INLINE);
    }

    private WorkflowType executionType() {
        var config = config().orElseThrow();
        if (config.value("ExecutionType").isEmpty()) {
            findings.add(Rule.REQUIRED_FIELD, config.path(), "ExecutionType");
        }
        return config.oneOf("ExecutionType", WorkflowType.class).orElse(WorkflowType.STANDARD);
    }

    private void checkInline() {
        var ignored = Stream.concat(
                OF_DISTRIBUTED.stream()
                        .filter(field -> fields.value(field).isPresent())
                        .map(fields::at),
                config()
                        .filter(config -> config.value("ExecutionType").isPresent())
                        .map(config -> config.at("ExecutionType"))
                        .stream());
        ignored.forEach(at -> findings.add(Rule.NOT_INLINE, at, at.substring(at.lastIndexOf('/') + 1)));
    }

    private Optional<StateGraph> processor(Optional<Distribution> distribution) {
        return given().flatMap(processor -> distribution
                .map(own -> graphs.processor(processor.json(), processor.path(), own.executionType()))
                .orElseGet(() -> graphs.processor(processor.json(), processor.path())));
    }
}
