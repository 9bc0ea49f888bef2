package io.stepstream.asl.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an expression refers to outside itself, read off its tokens in one pass; the library keeps its parse tree to itself.
 *
 * <p>Variables are those that neither {@code :=}, a function's parameters, {@code @} nor {@code #} bind where they are read. Top-level
 * names are the first steps of paths that have nothing to be looked up in: a name has a context behind a dot, in a predicate, a
 * grouping, an order or a transformation, but not at the top, whatever brackets are around it.
 */
final class JsonataReferences {

    private static final Pattern NUMBER = Pattern.compile("(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");
    private static final Pattern NAME = Pattern.compile("[^\\s.\\[\\]{}(),@#;:?+\\-*/%|=<>^&!~\"'`]+");
    private static final Pattern OPERATOR =
            Pattern.compile(":=|!=|>=|<=|\\*\\*|~>|\\?:|\\?\\?|\\.\\.|.", Pattern.DOTALL);
    private static final Pattern STRING =
            Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'", Pattern.DOTALL);
    private static final Pattern BLANK = Pattern.compile("(?:\\s|/\\*.*?\\*/)+", Pattern.DOTALL);
    private static final Pattern SIGNATURE = Pattern.compile("<[^{]*>(?=\\s*\\{)");
    private static final Set<String> LITERALS = Set.of("true", "false", "null");
    private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "in");
    private static final Set<String> FUNCTION = Set.of("function", "λ");

    private final String text;
    private int at;
    private final Deque<Bracket> open = new ArrayDeque<>();
    private final Set<String> variables = new LinkedHashSet<>();
    private final Set<String> topLevelNames = new LinkedHashSet<>();
    private final List<Span> regularExpressions = new ArrayList<>();

    /** Whether the token before ends an operand, so that an infix operator, a call or a predicate may follow. */
    private boolean behindOperand;

    /** Whether the operand before, or the one that comes, is a step behind a dot. */
    private boolean step;

    private JsonataReferences(String text) {
        this.text = text;
        open.push(new Bracket(Kind.BLOCK, false, false));
        scan();
    }

    /** The references of an expression that is known to be well formed. */
    static JsonataReferences of(String text) {
        return new JsonataReferences(text);
    }

    /** Names, without {@code $}, of the variables and functions that the expression takes from outside; {@code states} may be one. */
    Set<String> variables() {
        return variables;
    }

    Set<String> topLevelNames() {
        return topLevelNames;
    }

    /** Where a regular expression is written, its slashes and flags included. */
    record Span(int from, int to) {}

    List<Span> regularExpressions() {
        return regularExpressions;
    }

    /** What an opened bracket is. Blocks and functions have variables of their own. */
    private enum Kind {
        BLOCK,
        FUNCTION,
        TRANSFORM,
        OTHER
    }

    private static final class Bracket {
        private final Kind kind;
        private final boolean context;
        private final boolean ofStep;
        private final Set<String> bound = new HashSet<>();
        private final Set<String> beingBound = new HashSet<>();
        private int bars = 1;

        Bracket(Kind kind, boolean context, boolean ofStep) {
            this.kind = kind;
            this.context = context;
            this.ofStep = ofStep;
        }
    }

    private void scan() {
        skipBlanks();
        while (at < text.length()) {
            var here = text.charAt(at);
            if (here == '"' || here == '\'') {
                string(take(STRING));
            } else if (here == '`') {
                var end = text.indexOf('`', at + 1);
                name(text.substring(at + 1, Math.max(at + 1, end)));
                at = end < 0 ? text.length() : end + 1;
            } else if (here == '/' && !behindOperand) {
                regularExpression();
                operand();
            } else if (Character.isDigit(here)) {
                take(NUMBER);
                operand();
            } else {
                var word = take(NAME);
                if (word.isEmpty()) {
                    operator(take(OPERATOR));
                } else if (word.startsWith("$")) {
                    variable(word.substring(1));
                } else {
                    word(word);
                }
            }
            skipBlanks();
        }
    }

    private void operand() {
        behindOperand = true;
    }

    private void infix() {
        behindOperand = false;
        step = false;
    }

    private void word(String word) {
        if (behindOperand && WORD_OPERATORS.contains(word)) {
            infix();
        } else if (FUNCTION.contains(word) && next('(')) {
            function();
        } else if (LITERALS.contains(word)) {
            operand();
        } else {
            name(word);
        }
    }

    private void name(String name) {
        if (!step && !here().context) {
            topLevelNames.add(name);
        }
        operand();
    }

    /** In front of a dot a string is a name. */
    private void string(String quoted) {
        if (!behindOperand && next('.') && !text.startsWith("..", blanksEnd())) {
            name(quoted.substring(1, Math.max(1, quoted.length() - 1)));
        } else {
            operand();
        }
    }

    private void variable(String name) {
        if (name.isEmpty() || name.equals("$")) {
            operand();
            return;
        }
        if (text.startsWith(":=", blanksEnd())) {
            scope().beingBound.add(name);
        } else if (!isBound(name, next('('))) {
            variables.add(name);
        }
        operand();
    }

    /** A function is called by its name within its own definition; a value is not there yet. */
    private boolean isBound(String name, boolean called) {
        return open.stream()
                .anyMatch(bracket -> bracket.bound.contains(name) || (called && bracket.beingBound.contains(name)));
    }

    /** Reads parameters and signature; the body's brackets follow. */
    private void function() {
        var end = text.indexOf(')', at);
        var body = new Bracket(Kind.FUNCTION, here().context || step, false);
        var parameter =
                Pattern.compile("\\$(" + NAME.pattern() + ")").matcher(text).region(at, Math.max(at, end));
        while (parameter.find()) {
            body.bound.add(parameter.group(1));
        }
        at = Math.max(at, end + 1);
        skipBlanks();
        take(SIGNATURE);
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '{') {
            at++;
            open.push(body);
            infix();
        }
    }

    private void operator(String operator) {
        switch (operator) {
            case "(" -> push(behindOperand ? Kind.OTHER : Kind.BLOCK, !behindOperand && isOrder());
            case "[", "{" -> push(Kind.OTHER, behindOperand);
            case ")", "]", "}" -> pop();
            case "|" -> bar();
            case "." -> {
                behindOperand = false;
                step = true;
            }
            case ";" -> {
                settle(here());
                infix();
            }
            case "@", "#" -> {
                skipBlanks();
                var bound = take(NAME);
                scope().bound.add(bound.isEmpty() ? bound : bound.substring(1));
                operand();
            }
            case "*", "**", "%", "?" -> {
                if (behindOperand) {
                    infix();
                } else {
                    operand();
                }
            }
            default -> infix();
        }
    }

    private boolean isOrder() {
        return text.substring(0, at - 1).stripTrailing().endsWith("^");
    }

    private void push(Kind kind, boolean ownContext) {
        open.push(new Bracket(kind, ownContext || step || here().context, step));
        infix();
    }

    private void pop() {
        if (open.size() > 1) {
            var closed = open.pop();
            step = closed.ofStep;
        }
        operand();
    }

    /** A transformation is {@code |where|update|} or {@code |where|update,delete|}. */
    private void bar() {
        if (behindOperand && here().kind == Kind.TRANSFORM) {
            if (++here().bars == 3) {
                pop();
            } else {
                infix();
            }
        } else {
            push(Kind.TRANSFORM, true);
        }
    }

    private static void settle(Bracket bracket) {
        bracket.bound.addAll(bracket.beingBound);
    }

    private Bracket here() {
        return open.element();
    }

    /** The innermost bracket that has variables of its own. */
    private Bracket scope() {
        return open.stream()
                .filter(bracket -> bracket.kind == Kind.BLOCK || bracket.kind == Kind.FUNCTION)
                .findFirst()
                .orElseThrow();
    }

    private String take(Pattern pattern) {
        var matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        at = matcher.end();
        return matcher.group();
    }

    private void regularExpression() {
        var from = at;
        var depth = 0;
        for (at++; at < text.length(); at++) {
            var here = text.charAt(at);
            if (here == '\\') {
                at++;
            } else if ("([{".indexOf(here) >= 0) {
                depth++;
            } else if (")]}".indexOf(here) >= 0) {
                depth--;
            } else if (here == '/' && depth == 0) {
                break;
            }
        }
        at++;
        while (at < text.length() && (text.charAt(at) == 'i' || text.charAt(at) == 'm')) {
            at++;
        }
        regularExpressions.add(new Span(from, Math.min(at, text.length())));
    }

    private void skipBlanks() {
        at = blanksEnd();
    }

    private int blanksEnd() {
        var matcher = BLANK.matcher(text).region(Math.min(at, text.length()), text.length());
        return matcher.lookingAt() ? matcher.end() : at;
    }

    private boolean next(char expected) {
        var end = blanksEnd();
        return end < text.length() && text.charAt(end) == expected;
    }
}
