package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * What the regular expressions of a path ({@code [?(@.a =~ /b.*c/)]}) cost at most. Java's matcher tries again for every way in which
 * quantifiers can share a text out, so the work is a power of the text's length: how many unbounded quantifiers there are tells which.
 *
 * @param unbounded most unbounded quantifiers in one expression
 * @param choices most ways to choose counts for its bounded quantifiers, and among its alternatives
 */
record RegexCost(int unbounded, long choices) {

    /** Most attempts that the matching of all texts of a document may take: some seconds' worth. */
    static final double MAX_ATTEMPTS = 5e8;

    /** What a path without regular expressions costs. */
    static final RegexCost NONE = new RegexCost(0, 1);

    private static final Pattern LITERAL = Pattern.compile("=~\\s*/((?:\\\\.|[^/\\\\])*)/(?:[imsu]*)(?![a-zA-Z])");

    /** The cost of the expressions in a path. */
    static RegexCost of(String path) throws InvalidExpression {
        var cost = NONE;
        var literal = LITERAL.matcher(path);
        var literals = 0;
        while (literal.find()) {
            literals++;
            var one = RegexReader.cost(literal.group(1));
            cost = new RegexCost(Math.max(cost.unbounded, one.unbounded), Math.max(cost.choices, one.choices));
        }
        if (literals != path.split("=~", -1).length - 1) {
            throw new InvalidExpression(
                    "=~ compares with a regular expression between slashes, of the flags i, m, s and u");
        }
        return cost;
    }

    /** Whether the texts of a document can be matched within the bound. */
    boolean isAffordableFor(JsonNode document) {
        if (equals(NONE)) {
            return true;
        }
        var sizes = new Sizes();
        sizes.add(document);
        return choices * sizes.all * Math.pow(sizes.longest, Math.max(0, unbounded - 1)) <= MAX_ATTEMPTS;
    }

    private static final class Sizes {

        /** A number's or a literal's text is not longer. */
        private static final int SHORT = 32;

        private double all;
        private double longest;

        void add(JsonNode node) {
            if (node.isContainerNode()) {
                node.forEach(this::add);
                return;
            }
            var length = node.isTextual() ? node.textValue().length() : SHORT;
            all += length;
            longest = Math.max(longest, length);
        }
    }
}
