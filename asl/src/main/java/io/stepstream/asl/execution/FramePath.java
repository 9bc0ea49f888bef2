package io.stepstream.asl.execution;

import java.util.regex.Pattern;

/**
 * Address of a frame inside its execution: {@code /} is the root, {@code /0/} its first child (a Parallel branch or a Map
 * iteration), {@code /0/2/} that one's third child.
 *
 * @param text slash, then every child's index followed by a slash
 */
public record FramePath(String text) {
    private static final Pattern SHAPE = Pattern.compile("/(\\d+/)*");

    public static final FramePath ROOT = new FramePath("/");

    public FramePath {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a frame path: " + text);
        }
    }

    public FramePath child(int index) {
        return new FramePath(text + index + "/");
    }

    public boolean isRoot() {
        return text.length() == 1;
    }

    /** The frame that this one is a child of; the root has none. */
    public FramePath parent() {
        if (isRoot()) {
            throw new IllegalStateException("the root frame has no parent");
        }
        return new FramePath(text.substring(0, text.lastIndexOf('/', text.length() - 2) + 1));
    }

    /** Which child of its parent this frame is, from 0; the root has no index. */
    public int index() {
        if (isRoot()) {
            throw new IllegalStateException("the root frame has no index");
        }
        return Integer.parseInt(text.substring(text.lastIndexOf('/', text.length() - 2) + 1, text.length() - 1));
    }

    /** 0 for the root, 1 for its children. */
    public int depth() {
        return (int) text.chars().filter(c -> c == '/').count() - 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
