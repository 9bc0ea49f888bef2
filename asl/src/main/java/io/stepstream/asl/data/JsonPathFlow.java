package io.stepstream.asl.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The data flow of JSONPath. Fields that a kind of state does not have are left out, and do nothing.
 *
 * @param parameters of a Map state the ItemSelector stays out of this
 * @param assign a template of an object: its fields are the variables
 */
public record JsonPathFlow(
        PathFilter inputPath,
        Optional<PayloadTemplate> parameters,
        Optional<PayloadTemplate> resultSelector,
        ResultPath resultPath,
        PathFilter outputPath,
        Optional<PayloadTemplate> assign)
        implements DataFlow {

    /** The flow that changes nothing. */
    public static final JsonPathFlow IDENTITY = new JsonPathFlow(
            new PathFilter.Everything(),
            Optional.empty(),
            Optional.empty(),
            new ResultPath.Replace(),
            new PathFilter.Everything(),
            Optional.empty());

    /** Where a result goes. */
    public sealed interface ResultPath {
        /** {@code $}: it takes the input's place. */
        record Replace() implements ResultPath {}

        /** {@code null}: nowhere, the input passes. */
        record Discard() implements ResultPath {}

        record Put(ReferencePath place) implements ResultPath {}
    }

    @Override
    public Evaluated<Document> input(Document rawInput, EvaluationContext context) {
        return StatesFailure.caught(() -> {
            var selected = inputPath.apply(rawInput, context);
            return shaped(parameters, selected, context);
        });
    }

    @Override
    public Evaluated<Flowed> output(Document rawInput, Document result, EvaluationContext context) {
        return StatesFailure.caught(() -> {
            var shaped = shaped(resultSelector, result, context);
            var assigned = assigned(shaped, context);
            var combined = switch (resultPath) {
                case ResultPath.Replace _ -> shaped;
                case ResultPath.Discard _ -> rawInput;
                case ResultPath.Put(var place) -> Document.of(place.put(rawInput.tree(), shaped.tree()));
            };
            return new Flowed(outputPath.apply(combined, context), assigned);
        });
    }

    private static Document shaped(Optional<PayloadTemplate> template, Document document, EvaluationContext context)
            throws StatesFailure {
        return template.isEmpty() ? document : Document.of(template.get().value(new Scope(document.tree(), context)));
    }

    private Map<String, Document> assigned(Document result, EvaluationContext context) throws StatesFailure {
        if (assign.isEmpty()) {
            return Map.of();
        }
        var variables = new LinkedHashMap<String, Document>();
        for (var variable :
                assign.get().value(new Scope(result.tree(), context)).properties()) {
            variables.put(variable.getKey(), Document.of(variable.getValue()));
        }
        return variables;
    }

    @Override
    public Uses uses() {
        var uses = inputPath.uses().and(outputPath.uses());
        for (var template : java.util.List.of(parameters, resultSelector, assign)) {
            uses = uses.and(template.map(PayloadTemplate::uses).orElse(Uses.NOTHING));
        }
        return uses;
    }
}
