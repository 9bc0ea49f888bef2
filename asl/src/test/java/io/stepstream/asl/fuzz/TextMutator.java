package io.stepstream.asl.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damages texts: characters, pieces, bytes. */
final class TextMutator {
    private static final String STRANGE =
            "\0\u0007\n\"\\/'`{}[]()%$.@*?~|&<>=^!;,:#+-_09aZ\u0301\u202E\uFEFF\uD83D\uDE00\uDC00\uFFFF";

    private final RandomGenerator random;
    private final Vocabulary words;

    TextMutator(RandomGenerator random, Vocabulary words) {
        this.random = random;
        this.words = words;
    }

    String mutant(String text) {
        var from = random.nextInt(text.length() + 1);
        var to = Math.min(text.length(), from + random.nextInt(8));
        var before = text.substring(0, from);
        var piece = text.substring(from, to);
        var after = text.substring(to);
        return switch (random.nextInt(7)) {
            case 0 -> before + after;
            case 1 -> before + piece + piece + after;
            case 2 -> before + strange() + after;
            case 3 -> before + strange() + piece + after;
            case 4 -> before + words.fragment() + after;
            case 5 -> after + piece + before;
            default -> before + piece.repeat(random.nextInt(1, 50)) + after;
        };
    }

    String huge() {
        var unit = random.nextBoolean() ? "x" : words.fragment();
        return unit.isEmpty() ? "" : unit.repeat(random.nextInt(1_000, 300_000) / unit.length());
    }

    /** A text whose bytes are damaged; what is no UTF-8 then is read as readers read it. */
    String bytes(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (var damages = random.nextInt(1, 5); damages > 0 && bytes.length > 1; damages--) {
            var at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    var longer = Arrays.copyOf(bytes, bytes.length + at / 2);
                    System.arraycopy(bytes, 0, longer, bytes.length, at / 2);
                    bytes = longer;
                }
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private char strange() {
        return STRANGE.charAt(random.nextInt(STRANGE.length()));
    }
}
