package io.stepstream.asl.data;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A JSONata expression, compiled once. Evaluation depends on nothing but its arguments, and is bounded by counts instead of by time, so
 * that it ends the same way on every machine.
 *
 * @see JsonataBound
 */
public final class JsonataExpression {

    /** Most sub-expressions that one evaluation may evaluate: a few seconds' worth. */
    public static final int MAX_EVALUATIONS = 2_000_000;

    /** Deepest nesting of evaluations, such as a recursive function's; tail calls do not nest. */
    public static final int MAX_DEPTH = 450;

    private static final Pattern VARIABLE =
            Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|\\$(\\w+)(?!\\w|\\s*\\()");

    private final String text;
    private final Jsonata compiled;
    private final Set<String> variables;
    private final JsonataReferences references;
    private final List<String> functions;
    private final List<String> textFunctions;
    private final List<Pattern> patterns;
    private final Uses uses;

    private JsonataExpression(String text, JsonataReferences references, Jsonata compiled, List<Pattern> patterns) {
        this.text = text;
        this.compiled = compiled;
        this.patterns = patterns;
        this.functions = JsonataFunctions.mentioned(text);
        this.textFunctions = JsonataTexts.mentioned(text);
        var names = new LinkedHashSet<String>();
        var matcher = VARIABLE.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                names.add(matcher.group(1));
            }
        }
        this.variables = Set.copyOf(names);
        this.references = references;
        this.uses = JsonataScope.uses(text, variables);
    }

    /**
     * Compiles an expression, given without its {@code {% %}}.
     *
     * @throws MalformedExpression if it is not JSONata; the message is JSONata's, without its error code, as AWS has it
     */
    public static JsonataExpression compile(String text) throws MalformedExpression {
        try {
            var whole = Jsonata.jsonata(text);
            var references = JsonataReferences.of(text);
            var spans = references.regularExpressions();
            var patterns = spans.stream()
                    .map(span -> JsonataRegex.compile(text.substring(span.from(), span.to())))
                    .toList();
            var compiled = spans.isEmpty() ? whole : Jsonata.jsonata(withoutPatterns(text, spans));
            compiled.setOutputConvertNulls(false);
            compiled.setValidateInput(false);
            return new JsonataExpression(text, references, compiled, patterns);
        } catch (JException e) {
            throw new MalformedExpression(message(e).replaceFirst("^[SDT]\\d{4}: ", ""));
        } catch (RuntimeException | StackOverflowError e) {
            throw new MalformedExpression("the expression cannot be parsed: " + e);
        }
    }

    /**
     * The expression with a variable for each of its regular expressions: the library's own are matched without a bound, and are kept in
     * the parse tree, which several evaluations share.
     */
    private static String withoutPatterns(String text, List<JsonataReferences.Span> spans) {
        var rewritten = new StringBuilder();
        var from = 0;
        for (var i = 0; i < spans.size(); i++) {
            rewritten.append(text, from, spans.get(i).from()).append('$').append(patternName(i));
            from = spans.get(i).to();
        }
        return rewritten.append(text, from, text.length()).toString();
    }

    /** No variable of a state machine begins like this. */
    private static String patternName(int index) {
        return "0regex" + index;
    }

    public String text() {
        return text;
    }

    /** The variables that the expression may read, without their {@code $}; built-in functions passed by name are among them. */
    public Set<String> variables() {
        return variables;
    }

    Uses uses() {
        return uses;
    }

    /** What the expression takes from outside itself. */
    JsonataReferences references() {
        return references;
    }

    /** What an expression gives. */
    public sealed interface Result {
        record Value(JsonNode value) implements Result {}

        /** JSONata's "nothing", which AWS refuses. */
        record Undefined() implements Result {}

        /** Something that is not JSON, such as a function. */
        record Unsupported() implements Result {}

        /** The evaluation failed; the message is JSONata's, with its error code. */
        record Failed(String message) implements Result {}
    }

    /**
     * Evaluates the expression.
     *
     * @param bindings variables by name without {@code $}, {@code states} among them
     * @param now what {@code $now()} and {@code $millis()} say
     * @param random where {@code $random()}, {@code $shuffle()} and {@code $uuid()} take from
     */
    public Result evaluate(Map<String, JsonNode> bindings, Instant now, RandomGenerator random) {
        return evaluate(Optional.empty(), bindings, now, random);
    }

    /** The same with a context document, the {@code $} that a state machine's expressions do not have. */
    Result evaluate(Optional<JsonNode> context, Map<String, JsonNode> bindings, Instant now, RandomGenerator random) {
        var frame = compiled.createFrame();
        var bound = new JsonataBound();
        JsonataFunctions.bind(frame, functions, now, random);
        JsonataTexts.bind(frame, textFunctions, bound);
        for (var i = 0; i < patterns.size(); i++) {
            frame.bind(patternName(i), new JsonataRegex(patterns.get(i), bound));
        }
        bindings.forEach((name, value) -> frame.bind(name, JsonataValues.from(value)));
        frame.setEvaluateEntryCallback((expression, input, environment) -> bound.enter());
        frame.setEvaluateExitCallback((expression, input, environment, result) -> bound.exit(result));
        try {
            var value = compiled.evaluate(context.map(JsonataValues::from).orElse(null), frame);
            bound.check(value);
            return JsonataValues.result(value);
        } catch (JException e) {
            return new Result.Failed(message(e));
        } catch (JsonataBound.Exceeded e) {
            return new Result.Failed(e.reason());
        } catch (StackOverflowError e) {
            return new Result.Failed("the expression nests too deeply");
        } catch (RuntimeException e) {
            // The library lets class casts and the like escape where an argument has a type that it did not expect.
            return new Result.Failed(
                    switch (e.getCause()) {
                        case JException inner -> message(inner);
                        case JsonataBound.Exceeded inner -> inner.reason();
                        case null, default -> "the expression failed: " + e;
                    });
        }
    }

    private static String message(JException e) {
        var detail = String.valueOf(e.getMessage());
        return e.getError().matches("[SDT]\\d{4}")
                ? e.getError() + ": " + detail
                : detail.replaceFirst("^JSonataException ", "");
    }

    @Override
    public String toString() {
        return text;
    }
}
