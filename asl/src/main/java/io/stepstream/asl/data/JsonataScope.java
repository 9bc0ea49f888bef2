package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the expressions of one evaluation see: {@code $states} and the variables. */
final class JsonataScope {

    private static final String STATES = "states";
    private static final Pattern WHOLE_STATES = Pattern.compile("\\$states\\b(?!\\s*\\.\\s*\\w)");
    private static final Pattern INPUT = Pattern.compile("\\binput\\b");
    private static final Pattern CONTEXT = Pattern.compile("\\bcontext\\b");
    private static final Pattern CONTEXT_WITHOUT_INPUT = Pattern.compile(
            "\\bcontext\\s*\\.\\s*(?:State|StateMachine|Task|Map|Execution\\s*\\.\\s*(?:Id|Name|StartTime|RoleArn|Redrive\\w+))\\b");

    private final Map<String, JsonNode> states;
    private final EvaluationContext context;

    /**
     * @param states what {@code $states} has besides the context: input, and result or errorOutput where there is one
     */
    JsonataScope(Map<String, JsonNode> states, EvaluationContext context) {
        this.states = states;
        this.context = context;
    }

    /** What an expression of this text uses, which may read these variables. */
    static Uses uses(String text, Set<String> variables) {
        var names = new HashSet<>(variables);
        var readsStates = names.remove(STATES);
        var everything = WHOLE_STATES.matcher(text).find();
        var mentions = CONTEXT.matcher(text).results().count();
        var needsContext = readsStates && (everything || mentions > 0);
        var needsInput = needsContext
                && (everything || CONTEXT_WITHOUT_INPUT.matcher(text).results().count() < mentions);
        return new Uses(needsContext, needsInput, names);
    }

    /** Whether an expression may look at the state's input. */
    static boolean readsInput(JsonataExpression expression) {
        var text = expression.text();
        return WHOLE_STATES.matcher(text).find() || INPUT.matcher(text).find();
    }

    /** The state machine's variables that an expression refers to: neither {@code $states} nor functions. */
    static Set<String> references(JsonataExpression expression) {
        var names = new HashSet<>(expression.references().variables());
        names.remove(STATES);
        names.removeAll(JsonataFunctions.NAMES);
        return names;
    }

    /**
     * What an expression gives.
     *
     * @param field where it is, as errors name it: {@code Output/result}
     */
    JsonNode value(JsonataExpression expression, String field) throws StatesFailure {
        var said = "The JSONata expression '" + expression.text() + "' specified for the field '" + field + "' ";
        return switch (expression.evaluate(bindings(expression), context.now(), context.random())) {
            case JsonataExpression.Result.Value(var value) -> value;
            case JsonataExpression.Result.Undefined _ -> throw failure(said + "returned nothing (undefined).", field);
            case JsonataExpression.Result.Unsupported _ ->
                throw failure(said + "returned an unsupported result type.", field);
            case JsonataExpression.Result.Failed(var message) ->
                throw failure(said + "threw an error during evaluation. " + message, field);
        };
    }

    static StatesFailure failure(String message, String field) {
        return new StatesFailure(new StatesError(StatesError.QUERY_EVALUATION, message, java.util.Optional.of(field)));
    }

    private Map<String, JsonNode> bindings(JsonataExpression expression) {
        var uses = expression.uses();
        var bindings = new HashMap<String, JsonNode>();
        for (var name : uses.variables()) {
            context.variable(name).ifPresent(value -> bindings.put(name, value.tree()));
        }
        var all = Json.NODES.objectNode();
        all.setAll(states);
        if (uses.contextObject()) {
            all.set(
                    "context",
                    uses.executionInput()
                            ? new Scope(Json.NODES.nullNode(), context).contextObjectWithInput()
                            : context.contextObject().tree());
        }
        bindings.put(STATES, all);
        return bindings;
    }
}
