package io.stepstream.audit.show;

import java.util.ArrayList;
import java.util.List;

/** Labelled texts below each other, drawn with lines that show what belongs to what. */
public final class Tree {
    private static final String RESET = "\u001b[0m";

    private Tree() {}

    /** Whether the terminal's colours are used. */
    public enum Colours {
        NONE,
        ANSI
    }

    /** What a label or a text is like; the code is that of ANSI's graphic renditions. */
    enum Tone {
        PLAIN(""),
        LABEL("2"),
        FRAME("1;36"),
        GOOD("1;32"),
        BAD("1;31"),
        BUSY("1;33");

        private final String code;

        Tone(String code) {
            this.code = code;
        }

        static Tone ofStatus(String status) {
            return switch (status) {
                case "SUCCEEDED" -> GOOD;
                case "RUNNING" -> BUSY;
                default -> BAD;
            };
        }

        private String paint(String text, Colours colours) {
            return switch (colours) {
                case ANSI -> code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + 'm' + text + RESET;
                case NONE -> text;
            };
        }
    }

    /** What happens to a text that is longer than its line. */
    private enum Overlong {
        WRAPPED,
        CUT
    }

    /** A line with what belongs to it. */
    record Node(String label, Tone tone, String text, Tone textTone, Overlong overlong, List<Node> children) {

        static Node of(String label, Tone tone, String text, List<Node> children) {
            return switch (tone) {
                case GOOD, BAD, BUSY -> new Node(label, Tone.PLAIN, text, tone, Overlong.WRAPPED, children);
                case PLAIN, LABEL, FRAME -> new Node(label, tone, text, Tone.PLAIN, Overlong.WRAPPED, children);
            };
        }

        static Node text(String label, String text) {
            return new Node(label, Tone.LABEL, text, Tone.PLAIN, Overlong.WRAPPED, List.of());
        }

        static Node warning(String label, String text) {
            return new Node(label, Tone.LABEL, text, Tone.BUSY, Overlong.WRAPPED, List.of());
        }

        /** A text of which only the beginning is shown if it is long. */
        static Node cut(String label, String text) {
            return new Node(label, Tone.LABEL, text, Tone.PLAIN, Overlong.CUT, List.of());
        }
    }

    static List<String> lines(Node root, int width, Colours colours) {
        var lines = new ArrayList<String>();
        draw(root, "", "", label(root.children()), width, colours, lines);
        return lines;
    }

    /** Width of the labels beside each other, so that their texts begin in one column. */
    private static int label(List<Node> nodes) {
        return nodes.stream()
                .filter(node -> node.children().isEmpty())
                .mapToInt(node -> node.label().length())
                .max()
                .orElse(0);
    }

    private static void draw(
            Node node, String first, String rest, int labels, int width, Colours colours, List<String> lines) {
        var leaf = node.children().isEmpty();
        var padding = leaf ? " ".repeat(Math.max(0, labels - node.label().length())) : "";
        var indent = rest.length() + node.label().length() + padding.length() + 2;
        var room = Math.max(10, width - indent);
        var texts = pieces(printable(node.text()), room, node.overlong());
        lines.add((first + node.tone().paint(node.label(), colours) + padding + "  "
                        + node.textTone().paint(texts.getFirst(), colours))
                .stripTrailing());
        var bar = leaf ? " " : "│";
        for (var text : texts.subList(1, texts.size())) {
            var margin = rest + bar + " ".repeat(Math.max(0, indent - rest.length() - 1));
            lines.add(margin + node.textTone().paint(text, colours));
        }
        var ownLabels = label(node.children());
        for (var i = 0; i < node.children().size(); i++) {
            var last = i == node.children().size() - 1;
            draw(
                    node.children().get(i),
                    rest + (last ? "└─ " : "├─ "),
                    rest + (last ? "   " : "│  "),
                    ownLabels,
                    width,
                    colours,
                    lines);
        }
    }

    /** Without what a terminal would obey: texts come from people whom the auditor need not trust. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\u00b7' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static List<String> pieces(String text, int room, Overlong overlong) {
        if (text.length() <= room) {
            return List.of(text);
        }
        return switch (overlong) {
            case CUT -> List.of(text.substring(0, room - 1) + "…");
            case WRAPPED -> wrapped(text, room);
        };
    }

    private static List<String> wrapped(String text, int room) {
        var pieces = new ArrayList<String>();
        var from = 0;
        while (text.length() - from > room) {
            var space = text.lastIndexOf(' ', from + room);
            var to = space > from ? space : from + room;
            pieces.add(text.substring(from, to));
            from = space > from ? to + 1 : to;
        }
        pieces.add(text.substring(from));
        return pieces;
    }
}
