package io.stepstream.gateway.approval;

/** Text on its way into HTML: everything that is shown passes here. */
final class Html {

    private Html() {}

    /** The text, safe in an element and in a quoted attribute; control characters, which HTML forbids, become U+FFFD. */
    static String escape(String text) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\t', '\n', '\r' -> out.appendCodePoint(c);
                default -> out.appendCodePoint(isForbidden(c) ? 0xFFFD : c);
            }
        });
        return out.toString();
    }

    /** Controls, lone surrogates, and the marks that reorder text: a field must not be able to disguise what is approved. */
    private static boolean isForbidden(int c) {
        return Character.isISOControl(c)
                || (c >= 0xD800 && c <= 0xDFFF)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
