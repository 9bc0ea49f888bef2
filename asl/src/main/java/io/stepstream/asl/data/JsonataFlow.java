package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The data flow of JSONata: Arguments, Output and Assign.
 *
 * @param resultName what {@code $states} calls the result
 */
public record JsonataFlow(
        Optional<JsonataTemplate> arguments,
        Optional<JsonataTemplate> output,
        Optional<JsonataTemplate> assign,
        ResultName resultName)
        implements DataFlow {

    /** What {@code $states} calls a result. */
    public enum ResultName {
        RESULT("result"),
        ERROR_OUTPUT("errorOutput"),
        /** Of states whose result is their own input. */
        NONE("");

        private final String member;

        ResultName(String member) {
            this.member = member;
        }
    }

    @Override
    public Evaluated<Document> input(Document rawInput, EvaluationContext context) {
        if (arguments.isEmpty()) {
            return Evaluated.value(rawInput);
        }
        return StatesFailure.caught(() ->
                Document.of(arguments.get().value(new JsonataScope(Map.of("input", rawInput.tree()), context))));
    }

    @Override
    public Evaluated<Flowed> output(Document rawInput, Document result, EvaluationContext context) {
        if (assign.isEmpty() && output.isEmpty()) {
            return Evaluated.value(new Flowed(result, Map.of()));
        }
        return StatesFailure.caught(() -> {
            var scope = new JsonataScope(states(rawInput, result), context);
            var assigned = new LinkedHashMap<String, Document>();
            if (assign.isPresent()) {
                for (var variable : assign.get().value(scope).properties()) {
                    assigned.put(variable.getKey(), Document.of(variable.getValue()));
                }
            }
            return new Flowed(output.isPresent() ? Document.of(output.get().value(scope)) : result, assigned);
        });
    }

    private Map<String, JsonNode> states(Document rawInput, Document result) {
        var states = new LinkedHashMap<String, JsonNode>();
        states.put("input", rawInput.tree());
        if (resultName != ResultName.NONE) {
            states.put(resultName.member, result.tree());
        }
        return states;
    }

    @Override
    public Uses uses() {
        return Stream.of(arguments, output, assign)
                .flatMap(Optional::stream)
                .map(JsonataTemplate::uses)
                .reduce(Uses.NOTHING, Uses::and);
    }
}
