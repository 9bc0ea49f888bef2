package io.stepstream.audit.report;

/** Text as HTML and SVG have it. */
final class Markup {
    private Markup() {}

    /** The text, for an element's content or a quoted attribute's value; control characters, which XML has none of, as dots. */
    static String escaped(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isControl(c) ? '\u00b7' : c);
            }
        });
        return escaped.toString();
    }

    /** Marks that turn the direction of writing would let a text pose as another. */
    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t'
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE;
    }

    /** The text cut to so many characters. */
    static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }
}
