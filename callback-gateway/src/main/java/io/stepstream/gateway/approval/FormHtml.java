package io.stepstream.gateway.approval;

import io.stepstream.gateway.form.FormField;
import io.stepstream.gateway.form.FormField.Kind;
import io.stepstream.gateway.form.FormField.Step;
import io.stepstream.gateway.form.FormSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A form's fields as HTML. Each has a label, and what is wrong with it is said beside it and in a list above, tied to the field for
 * those who do not see it. The browser checks what it can; the server checks all.
 */
final class FormHtml {

    /** Begins the names of these fields, so that none is taken for one of the page's own. */
    static final String NAME = "f-";

    private static final int ONE_LINE = 200;

    private FormHtml() {}

    /** What is wrong, each with a link to its field; empty if nothing is. */
    static String summary(FormSchema schema, Map<String, String> problems) {
        if (problems.isEmpty()) {
            return "";
        }
        var items = schema.fields().stream()
                .filter(field -> problems.containsKey(field.name()))
                .map(field -> "<li><a href=\"#%s\">%s</a>: %s</li>"
                        .formatted(
                                id(field),
                                Html.escape(field.title()),
                                Html.escape(problems.getOrDefault(field.name(), ""))))
                .collect(Collectors.joining());
        return "<div class=\"problems\" role=\"alert\"><h2>Nothing was decided yet</h2><ul>" + items + "</ul></div>";
    }

    /** All fields, with what was entered before. */
    static String fields(
            FormSchema schema, Set<String> needed, Map<String, String> entered, Map<String, String> problems) {
        return schema.fields().stream()
                .map(field -> field(
                        field,
                        needed.contains(field.name()),
                        entered.getOrDefault(field.name(), ""),
                        Optional.ofNullable(problems.get(field.name()))))
                .collect(Collectors.joining("\n"));
    }

    private static String field(FormField field, boolean needed, String value, Optional<String> problem) {
        var id = id(field);
        var described = new StringBuilder();
        var notes = new StringBuilder();
        if (!field.description().isEmpty()) {
            described.append(id).append("-hint ");
            notes.append("<p class=\"hint\" id=\"%s-hint\">%s</p>".formatted(id, Html.escape(field.description())));
        }
        problem.ifPresent(text -> {
            described.append(id).append("-problem ");
            notes.append("<p class=\"problem\" id=\"%s-problem\">%s</p>".formatted(id, Html.escape(text)));
        });
        var attributes = "id=\"%s\" name=\"%s\"".formatted(id, NAME + field.name())
                + (needed ? " required" : "")
                + (problem.isPresent() ? " aria-invalid=\"true\"" : "")
                + (described.isEmpty()
                        ? ""
                        : " aria-describedby=\"" + described.toString().strip() + "\"");
        return "<label for=\"%s\">%s%s</label>%s%s"
                .formatted(
                        id,
                        Html.escape(field.title()),
                        needed ? "" : " <span class=\"hint\">optional</span>",
                        notes,
                        control(field.kind(), attributes, value));
    }

    private static String control(Kind kind, String attributes, String value) {
        return switch (kind) {
            case Kind.Text text
            when text.most() > ONE_LINE ->
                "<textarea %s rows=\"3\" maxlength=\"%d\">%s</textarea>"
                        .formatted(attributes, text.most(), Html.escape(value));
            case Kind.Text text ->
                input(
                        attributes + " type=\"text\" maxlength=\"" + text.most() + "\""
                                + (text.least() > 0 ? " minlength=\"" + text.least() + "\"" : ""),
                        value);
            case Kind.Date date -> input(attributes + " type=\"date\"", value);
            case Kind.Email email -> input(attributes + " type=\"email\" autocomplete=\"off\"", value);
            case Kind.Number number ->
                input(
                        attributes + " type=\"number\" step=\"" + (number.step() == Step.WHOLE ? "1" : "any") + "\""
                                + bound("min", number.least()) + bound("max", number.most()),
                        value);
            case Kind.Choice choice -> select(attributes, choice.options(), choice.options(), value);
            case Kind.YesNo yesNo -> select(attributes, List.of("true", "false"), List.of("Yes", "No"), value);
        };
    }

    private static String input(String attributes, String value) {
        return "<input %s value=\"%s\">".formatted(attributes, Html.escape(value));
    }

    private static String bound(String attribute, Optional<BigDecimal> bound) {
        return bound.map(number -> " " + attribute + "=\"" + number.toPlainString() + "\"")
                .orElse("");
    }

    private static String select(String attributes, List<String> values, List<String> texts, String chosen) {
        var options = new StringBuilder("<option value=\"\">Choose…</option>");
        for (var i = 0; i < values.size(); i++) {
            options.append("<option value=\"%s\"%s>%s</option>"
                    .formatted(
                            Html.escape(values.get(i)),
                            values.get(i).equals(chosen) ? " selected" : "",
                            Html.escape(texts.get(i))));
        }
        return "<select " + attributes + ">" + options + "</select>";
    }

    private static String id(FormField field) {
        return "field-" + field.name();
    }
}
