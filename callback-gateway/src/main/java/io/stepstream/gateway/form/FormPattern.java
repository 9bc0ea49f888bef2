package io.stepstream.gateway.form;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of somebody else's, on texts of somebody else's: it gets so many steps and no more, since some expressions
 * take longer than a life on some texts. It may match anywhere in the text, as JSON Schema says.
 */
public record FormPattern(Pattern pattern) {

    private static final int CHARACTERS = 200;
    private static final int STEPS = 200_000;

    static FormPattern of(String text, String where) throws InvalidApproval {
        try {
            if (text.length() <= CHARACTERS) {
                return new FormPattern(Pattern.compile(text));
            }
        } catch (PatternSyntaxException e) {
            throw new InvalidApproval(where, "it is no regular expression: " + e.getDescription());
        }
        throw new InvalidApproval(where, "it has more than %d characters".formatted(CHARACTERS));
    }

    /** Whether it is found in the text; not, if that cannot be told within the steps. */
    boolean matches(String text) {
        try {
            return pattern.matcher(new Counted(text, new int[] {STEPS})).find();
        } catch (TooManySteps | StackOverflowError e) {
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private TooManySteps() {
            super(null, null, false, false);
        }
    }

    private record Counted(CharSequence text, int[] left) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (left[0]-- <= 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
