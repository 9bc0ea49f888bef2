package io.stepstream.gateway.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One field of a form.
 *
 * @param name its member in the result
 * @param title shown as its label
 * @param description shown with it; empty for none
 */
public record FormField(String name, String title, String description, Kind kind) {

    /** More digits, or a larger exponent, than anybody means; also keeps arithmetic on the value cheap. */
    private static final int NUMBER_DIGITS = 40;

    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,255}");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** What can be filled in. */
    public sealed interface Kind {

        /** A text of {@code least} to {@code most} characters that matches the pattern, if there is one. */
        record Text(int least, int most, Optional<FormPattern> pattern) implements Kind {}

        /** A date, as {@code 2026-11-25}. */
        record Date() implements Kind {}

        /** An address for e-mail. */
        record Email() implements Kind {}

        /** One of these. */
        record Choice(List<String> options) implements Kind {}

        /** A number, whole if its step says so. */
        record Number(Step step, Optional<BigDecimal> least, Optional<BigDecimal> most) implements Kind {}

        /** Yes or no. */
        record YesNo() implements Kind {}
    }

    /** Which numbers there are. */
    public enum Step {
        ANY,
        WHOLE
    }

    /** The value of what a person has written; empty, and so not valid, if it can be none of this kind. */
    Optional<JsonNode> read(String text) {
        return switch (kind) {
            case Kind.Number number -> decimal(text).map(DecimalNode::valueOf);
            case Kind.YesNo yesNo ->
                switch (text) {
                    case "true", "false" -> Optional.of(BooleanNode.valueOf(text.equals("true")));
                    default -> Optional.empty();
                };
            case Kind.Text written -> Optional.of(TextNode.valueOf(text));
            case Kind.Date date -> Optional.of(TextNode.valueOf(text));
            case Kind.Email email -> Optional.of(TextNode.valueOf(text));
            case Kind.Choice choice -> Optional.of(TextNode.valueOf(text));
        };
    }

    /** What is wrong with a value, in words for whoever has given it; empty if nothing is. */
    public Optional<String> problem(JsonNode value) {
        return switch (kind) {
            case Kind.Text text -> textual(value, given -> problem(text, given));
            case Kind.Date date ->
                textual(value, given -> isDate(given) ? Optional.empty() : Optional.of("Give a date: YYYY-MM-DD."));
            case Kind.Email email ->
                textual(
                        value,
                        given -> EMAIL.matcher(given).matches()
                                ? Optional.empty()
                                : Optional.of("Give an e-mail address."));
            case Kind.Choice choice ->
                textual(
                        value,
                        given -> choice.options().contains(given)
                                ? Optional.empty()
                                : Optional.of("Choose one of the options."));
            case Kind.YesNo yesNo -> value.isBoolean() ? Optional.empty() : Optional.of("Choose yes or no.");
            case Kind.Number number ->
                value.isNumber() ? problem(number, value.decimalValue()) : Optional.of("Give a number.");
        };
    }

    private interface TextCheck {
        Optional<String> problem(String given);
    }

    private static Optional<String> textual(JsonNode value, TextCheck check) {
        return value.isTextual() ? check.problem(value.textValue()) : Optional.of("Give a text.");
    }

    private static Optional<String> problem(Kind.Text text, String given) {
        var length = given.codePointCount(0, given.length());
        if (length < text.least()) {
            return Optional.of("Give at least %d characters.".formatted(text.least()));
        }
        if (length > text.most()) {
            return Optional.of("Give at most %d characters.".formatted(text.most()));
        }
        if (given.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            return Optional.of("Leave control characters out.");
        }
        return text.pattern().isPresent() && !text.pattern().get().matches(given)
                ? Optional.of("That has not the form that is asked for.")
                : Optional.empty();
    }

    private static Optional<String> problem(Kind.Number number, BigDecimal given) {
        if (given.precision() > NUMBER_DIGITS || Math.abs((long) given.scale()) > NUMBER_DIGITS) {
            return Optional.of("Give a number of at most %d digits.".formatted(NUMBER_DIGITS));
        }
        if (number.step() == Step.WHOLE && given.stripTrailingZeros().scale() > 0) {
            return Optional.of("Give a whole number.");
        }
        if (number.least().isPresent() && given.compareTo(number.least().get()) < 0) {
            return Optional.of("Give %s or more.".formatted(number.least().get().toPlainString()));
        }
        if (number.most().isPresent() && given.compareTo(number.most().get()) > 0) {
            return Optional.of("Give %s or less.".formatted(number.most().get().toPlainString()));
        }
        return Optional.empty();
    }

    private static Optional<BigDecimal> decimal(String text) {
        try {
            return text.length() > 2 * NUMBER_DIGITS ? Optional.empty() : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isDate(String text) {
        try {
            return DATE.matcher(text).matches() && LocalDate.parse(text).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
