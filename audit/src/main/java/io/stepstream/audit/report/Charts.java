package io.stepstream.audit.report;

import static io.stepstream.audit.report.Markup.cut;
import static io.stepstream.audit.report.Markup.escaped;

import io.stepstream.audit.report.Approval.Outcome;
import io.stepstream.audit.report.Figures.Counts;
import io.stepstream.audit.report.Figures.Group;
import java.util.List;
import java.util.Locale;

/** Charts as inline SVG, of a width that a telephone has, so that their text is readable everywhere. Their figures are in tables beside them. */
final class Charts {
    private static final int WIDTH = 400;
    private static final int BARS = 12;
    private static final int LABEL = 40;

    private Charts() {}

    /** Bars beneath each other, each made of its outcomes; of very many, the first. */
    static String bars(String title, List<Group> groups, List<Outcome> outcomes) {
        var shown = groups.subList(0, Math.min(BARS, groups.size()));
        var most = most(shown, outcomes);
        var svg = begin(title, shown.size() * 42 + 2);
        for (var i = 0; i < shown.size(); i++) {
            var group = shown.get(i);
            var top = i * 42;
            svg.append("<text x=\"0\" y=\"%d\">%s</text>".formatted(top + 14, escaped(cut(group.name(), LABEL))));
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"number\">%d</text>"
                    .formatted(WIDTH, top + 14, total(group.counts(), outcomes)));
            var left = 0.0;
            for (var outcome : outcomes) {
                var length = (double) WIDTH * group.counts().get(outcome) / most;
                if (length > 0) {
                    svg.append(rectangle(left, top + 20, Math.max(length - 1, 0.5), 13, outcome, group));
                    left += length;
                }
            }
        }
        return svg.append("</svg>").toString();
    }

    /** Columns beside each other, each made of its outcomes. */
    static String columns(String title, List<Group> groups, List<Outcome> outcomes) {
        var height = 190;
        var floor = height - 28;
        var left = 30;
        var scale = scale(most(groups, outcomes));
        var svg = begin(title, height);
        for (var line = 0; line <= 2; line++) {
            var y = floor - (floor - 12) * line / 2.0;
            svg.append("<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>".formatted(left, WIDTH, number(y), number(y)));
            svg.append("<text x=\"%d\" y=\"%s\" text-anchor=\"end\" class=\"axis\">%s</text>"
                    .formatted(left - 6, number(y + 4), scaleText(scale * line / 2.0)));
        }
        var step = (double) (WIDTH - left) / Math.max(1, groups.size());
        var column = Math.min(step * 0.72, 44);
        for (var i = 0; i < groups.size(); i++) {
            var x = left + step * i + (step - column) / 2;
            var y = (double) floor;
            for (var outcome : outcomes) {
                var length = (floor - 12.0) * groups.get(i).counts().get(outcome) / scale;
                if (length > 0) {
                    y -= length;
                    svg.append(rectangle(x, y, column, Math.max(length - 0.8, 0.5), outcome, groups.get(i)));
                }
            }
        }
        return svg.append(names(groups, left, step, floor + 18))
                .append("</svg>")
                .toString();
    }

    /** The names below columns: as many as there is room for. */
    private static String names(List<Group> groups, int left, double step, int y) {
        var longest =
                groups.stream().mapToInt(group -> group.name().length()).max().orElse(1);
        var every = Math.max(1, (int) Math.ceil((longest * 6.2 + 10) / step));
        var names = new StringBuilder();
        for (var i = 0; i < groups.size(); i += every) {
            names.append("<text x=\"%s\" y=\"%d\" text-anchor=\"middle\" class=\"axis\">%s</text>"
                    .formatted(
                            number(Math.clamp(left + step * (i + 0.5), longest * 3.1, WIDTH - longest * 3.1)),
                            y,
                            escaped(groups.get(i).name())));
        }
        return names.toString();
    }

    private static StringBuilder begin(String title, int height) {
        return new StringBuilder(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s; the figures are in the table that follows\">"
                        .formatted(WIDTH, Math.max(height, 1), escaped(title)));
    }

    private static String rectangle(double x, double y, double width, double height, Outcome outcome, Group group) {
        return "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"1.5\" class=\"%s\"><title>%s: %d %s</title></rect>"
                .formatted(
                        number(x),
                        number(y),
                        number(width),
                        number(height),
                        css(outcome),
                        escaped(group.name()),
                        group.counts().get(outcome),
                        outcome.words());
    }

    /** The class of what has to do with an outcome. */
    static String css(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int total(Counts counts, List<Outcome> outcomes) {
        return outcomes.stream().mapToInt(counts::get).sum();
    }

    private static int most(List<Group> groups, List<Outcome> outcomes) {
        return Math.max(
                1,
                groups.stream()
                        .mapToInt(group -> total(group.counts(), outcomes))
                        .max()
                        .orElse(1));
    }

    /** A round number that is not below. */
    private static int scale(int most) {
        var power = 1;
        while (power * 10 < most) {
            power *= 10;
        }
        for (var factor : new int[] {1, 2, 4, 6, 8}) {
            if (power * factor >= most) {
                return power * factor;
            }
        }
        return power * 10;
    }

    private static String scaleText(double value) {
        return value == Math.rint(value) ? String.valueOf((int) value) : "";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
