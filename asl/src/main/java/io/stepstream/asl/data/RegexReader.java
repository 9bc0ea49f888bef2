package io.stepstream.asl.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from a regular expression what it can cost, and refuses what cannot be told: a repeated group that has quantifiers or alternatives
 * itself, where the work would be exponential, references back, looking around, and whatever makes brackets hard to tell.
 */
final class RegexReader {

    /** Longest expression. */
    static final int MAX_LENGTH = 256;

    /** Most unbounded quantifiers. */
    static final int MAX_UNBOUNDED = 3;

    /** Most ways to choose counts and alternatives. */
    static final long MAX_CHOICES = 10_000;

    private static final Pattern TOKEN = Pattern.compile(
            "(?<escape>\\\\[^Qk1-9])|(?<set>\\[(?!\\^?])(?:\\\\[^Q]|[^\\[\\]\\\\])*])|(?<open>\\((?:\\?:)?(?!\\?))"
                    + "|(?<quantifier>[*+?]|\\{(?<least>\\d{1,4})(?<more>,(?<most>\\d{1,4})?)?})|(?<other>[^\\\\\\[(*+?{])",
            Pattern.DOTALL);

    private final Deque<Group> open = new ArrayDeque<>();
    private int unbounded;
    private long choices = 1;

    private RegexReader() {
        open.push(new Group());
    }

    private static final class Group {
        private int alternatives = 1;
        private boolean branches;
    }

    /** What stands in front of a token, for a quantifier. */
    private enum Before {
        NOTHING,
        REPEATABLE,
        BRANCHING_GROUP,
        QUANTIFIER
    }

    static RegexCost cost(String expression) throws InvalidExpression {
        if (expression.length() > MAX_LENGTH) {
            throw new InvalidExpression("a regular expression may have at most " + MAX_LENGTH + " characters");
        }
        var reader = new RegexReader();
        var before = Before.NOTHING;
        var token = TOKEN.matcher(expression);
        var at = 0;
        while (at < expression.length()) {
            if (!token.region(at, expression.length()).lookingAt()) {
                throw new InvalidExpression(
                        "a regular expression of a path may not have this: " + expression.substring(at));
            }
            before = reader.read(token, before);
            at = token.end();
        }
        reader.choose(reader.open.element().alternatives);
        if (reader.unbounded > MAX_UNBOUNDED || reader.choices > MAX_CHOICES) {
            throw new InvalidExpression("a regular expression may have at most " + MAX_UNBOUNDED
                    + " unbounded quantifiers, and " + MAX_CHOICES + " ways to choose among the rest");
        }
        return new RegexCost(reader.unbounded, reader.choices);
    }

    private Before read(Matcher token, Before before) throws InvalidExpression {
        var text = token.group();
        if (token.group("quantifier") != null) {
            return quantified(token, before);
        }
        if (token.group("open") != null) {
            open.push(new Group());
            return Before.NOTHING;
        }
        if (text.equals(")") && open.size() > 1) {
            var closed = open.pop();
            choose(closed.alternatives);
            open.element().branches |= closed.branches;
            return closed.branches ? Before.BRANCHING_GROUP : Before.REPEATABLE;
        }
        if (text.equals("|")) {
            open.element().alternatives++;
            open.element().branches = true;
            return Before.NOTHING;
        }
        return Before.REPEATABLE;
    }

    private Before quantified(Matcher token, Before before) throws InvalidExpression {
        switch (before) {
            case NOTHING -> throw new InvalidExpression("a quantifier of a regular expression repeats nothing");
            case BRANCHING_GROUP ->
                throw new InvalidExpression(
                        "a regular expression may not repeat a group that has quantifiers or alternatives itself");
            // A second one says only how greedy the first is.
            case QUANTIFIER -> {}
            case REPEATABLE -> {
                open.element().branches = true;
                count(token);
            }
        }
        return Before.QUANTIFIER;
    }

    private void count(Matcher token) {
        var text = token.group();
        var hasNoEnd = text.equals("*") || text.equals("+") || text.endsWith(",}");
        if (hasNoEnd) {
            unbounded++;
        } else if (token.group("most") != null) {
            choose(1 + Integer.parseInt(token.group("most")));
        } else if (text.equals("?")) {
            choose(2);
        }
    }

    private void choose(int among) {
        choices = Math.min(MAX_CHOICES + 1, choices * among);
    }
}
