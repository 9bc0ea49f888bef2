package io.stepstream.asl.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads a call of an intrinsic function: {@code States.Format('{} of {}', $.name, States.ArrayLength($$.x))}. */
final class IntrinsicReader {

    /** How deep calls may be nested; AWS's limit. */
    static final int MAX_NESTING = 10;

    private final String text;
    private int at;

    private IntrinsicReader(String text) {
        this.text = text;
    }

    static Selection read(String text) throws InvalidExpression {
        if (text.length() > Path.MAX_LENGTH * 4) {
            throw new InvalidExpression("an expression may have at most " + Path.MAX_LENGTH * 4 + " characters");
        }
        var reader = new IntrinsicReader(text);
        if (!text.startsWith("States.")) {
            throw new InvalidExpression("neither a path ($...) nor an intrinsic function (States....)");
        }
        var call = reader.call(1);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.unexpected("the end");
        }
        return call;
    }

    private Selection.Call call(int depth) throws InvalidExpression {
        if (depth > MAX_NESTING) {
            throw new InvalidExpression("intrinsic functions may be nested at most " + MAX_NESTING + " deep");
        }
        var start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        var function = IntrinsicFunction.named(text.substring(start, at));
        expect('(');
        var arguments = arguments(depth);
        function.check(arguments);
        return new Selection.Call(function, arguments, text.substring(start, at));
    }

    private List<Selection> arguments(int depth) throws InvalidExpression {
        var arguments = new ArrayList<Selection>();
        skipBlanks();
        if (peek() == ')') {
            at++;
            return arguments;
        }
        while (true) {
            skipBlanks();
            arguments.add(argument(depth));
            skipBlanks();
            if (peek() == ')') {
                at++;
                return arguments;
            }
            expect(',');
        }
    }

    private Selection argument(int depth) throws InvalidExpression {
        return switch (peek()) {
            case '\'' -> quoted();
            case '$' -> new Selection.Find(Path.compile(path()));
            case 'S' -> call(depth + 1);
            default -> word();
        };
    }

    private Selection quoted() throws InvalidExpression {
        var start = ++at;
        var value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '\'') {
            var here = text.charAt(at);
            if (here == '\\') {
                at++;
                here = peek();
                if ("'{}\\".indexOf(here) < 0) {
                    throw new InvalidExpression("'\\" + here + "' is no escape: only \\' \\{ \\} and \\\\ are");
                }
            }
            value.append(here);
            at++;
        }
        var written = text.substring(start, Math.min(at, text.length()));
        expect('\'');
        return new Selection.Literal(Json.NODES.textNode(value.toString()), written);
    }

    /** A path ends at a comma or parenthesis outside its own brackets and quotes. */
    private String path() {
        var start = at;
        var depth = 0;
        var quote = ' ';
        for (; at < text.length(); at++) {
            var here = text.charAt(at);
            if (quote != ' ') {
                if (here == '\\') {
                    at++;
                } else if (here == quote) {
                    quote = ' ';
                }
            } else if (depth > 0 && (here == '\'' || here == '"')) {
                quote = here;
            } else if (here == '[' || here == '(') {
                depth++;
            } else if (depth == 0 && (here == ',' || here == ')')) {
                break;
            } else if (here == ']' || here == ')') {
                depth--;
            }
        }
        return text.substring(start, Math.min(at, text.length())).strip();
    }

    private Selection word() throws InvalidExpression {
        var start = at;
        while (at < text.length() && ",) \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        var word = text.substring(start, at);
        var value = switch (word) {
            case "null" -> Json.NODES.nullNode();
            case "true" -> Json.NODES.booleanNode(true);
            case "false" -> Json.NODES.booleanNode(false);
            default -> number(word);
        };
        return new Selection.Literal(value, word);
    }

    private com.fasterxml.jackson.databind.JsonNode number(String word) throws InvalidExpression {
        if (word.length() <= 40 && word.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d{1,3})?")) {
            var value = new BigDecimal(word);
            return word.matches("-?\\d+") ? Json.number(value) : Json.NODES.numberNode(value);
        }
        throw unexpected("an argument: 'text', a number, true, false, null, a path or a function");
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void expect(char expected) throws InvalidExpression {
        if (peek() != expected || at >= text.length()) {
            throw unexpected("'" + expected + "'");
        }
        at++;
    }

    private InvalidExpression unexpected(String expected) {
        return new InvalidExpression("expected " + expected + " at character " + (at + 1) + " of " + text);
    }
}
