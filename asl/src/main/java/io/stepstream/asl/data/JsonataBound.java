package io.stepstream.asl.data;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation of a JSONata expression may cost. Everything is counted and nothing is timed, so that an evaluation ends in the same
 * way on every machine, for ever. A value is charged for when an expression gives it, and weighed: a list of lists of the same list is
 * small in memory, and endless once it is written.
 */
final class JsonataBound {

    /** Longest text that an expression may make, in characters; sixteen times what a payload may have. */
    static final int MAX_TEXT = 4 << 20;

    /** Most elements of an array. */
    static final int MAX_ELEMENTS = 1_000_000;

    /** Deepest nesting of a value. */
    static final int MAX_NESTING = Document.MAX_NESTING;

    /** Heaviest value: one for every node, and one for every eight characters. */
    static final long MAX_WEIGHT = 2_000_000;

    /** Most characters that all regular expressions of an evaluation may look at; backtracking looks at one again and again. */
    static final int MAX_MATCHED = 20_000_000;

    private static final int CHARACTERS_PER_UNIT = 256;
    private static final int ELEMENTS_PER_UNIT = 32;

    private final Map<Object, Heft> weighed = new IdentityHashMap<>();
    private long work;
    private int depth;
    private int matched;

    /** What a list or map weighs, and how deep it is. */
    private record Heft(long weight, int nesting) {
        static final Heft LEAF = new Heft(1, 0);
    }

    /** An expression begins to be evaluated. */
    void enter() {
        charge(1);
        if (++depth > JsonataExpression.MAX_DEPTH) {
            throw new Exceeded("the expression nests deeper than " + JsonataExpression.MAX_DEPTH
                    + ": check for non-terminating recursion, or rewrite it as tail recursion");
        }
    }

    /** An expression has given this. */
    void exit(@Nullable Object result) {
        depth--;
        switch (result) {
            case String text -> {
                checkLength(text.length());
                charge(text.length() / CHARACTERS_PER_UNIT);
            }
            case List<?> list -> {
                checkSize(list.size());
                charge(list.size() / ELEMENTS_PER_UNIT);
                weigh(list, 0);
            }
            case Map<?, ?> map -> {
                charge(map.size() / ELEMENTS_PER_UNIT);
                weigh(map, 0);
            }
            case null, default -> {}
        }
    }

    private void charge(int units) {
        work += units;
        if (work > JsonataExpression.MAX_EVALUATIONS) {
            throw new Exceeded("the expression evaluates more than " + JsonataExpression.MAX_EVALUATIONS
                    + " sub-expressions: check for an infinite loop");
        }
    }

    /** Refuses to make a text of so many characters. */
    void checkLength(long characters) {
        if (characters > MAX_TEXT) {
            throw new Exceeded("the expression makes a text of more than " + MAX_TEXT + " characters");
        }
    }

    private static void checkSize(int elements) {
        if (elements > MAX_ELEMENTS) {
            throw new Exceeded("the expression makes an array of more than " + MAX_ELEMENTS + " elements");
        }
    }

    /** Refuses a result that is too large to be written. */
    void check(@Nullable Object result) {
        weigh(result, 0);
    }

    /** The nesting of a value that an expression has given. */
    int nesting(@Nullable Object value) {
        return weigh(value, 0).nesting();
    }

    /** The weight of such a value. */
    long weight(@Nullable Object value) {
        return weigh(value, 0).weight();
    }

    private Heft weigh(@Nullable Object value, int outer) {
        if (outer > MAX_NESTING) {
            throw tooDeep();
        }
        return switch (value) {
            case String text -> new Heft(1 + text.length() / 8, 0);
            case List<?> list -> known(list, list, outer);
            case Map<?, ?> map -> known(map, map.values(), outer);
            case null, default -> Heft.LEAF;
        };
    }

    private Heft known(Object container, Iterable<?> values, int outer) {
        var known = weighed.get(container);
        if (known != null) {
            return known;
        }
        long weight = 1;
        var nesting = 0;
        for (var value : values) {
            var heft = weigh(value, outer + 1);
            weight += heft.weight();
            nesting = Math.max(nesting, heft.nesting());
            if (weight > MAX_WEIGHT) {
                throw new Exceeded("the expression makes a value of more than " + MAX_WEIGHT + " parts");
            }
        }
        if (nesting >= MAX_NESTING) {
            throw tooDeep();
        }
        var heft = new Heft(weight, nesting + 1);
        weighed.put(container, heft);
        return heft;
    }

    private static Exceeded tooDeep() {
        return new Exceeded("the expression makes a value that is nested deeper than " + MAX_NESTING);
    }

    /** A text that counts how often a regular expression looks at it. */
    CharSequence counted(String text) {
        return new Counted(text);
    }

    private void look() {
        if (++matched > MAX_MATCHED) {
            throw new Exceeded("the regular expressions look at more than " + MAX_MATCHED
                    + " characters: check for repetitions inside repetitions");
        }
    }

    private final class Counted implements CharSequence {
        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            look();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Ends an evaluation that costs too much. */
    static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exceeded(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
