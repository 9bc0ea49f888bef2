package io.stepstream.worker;

/** AWS's bounds on what SendTaskFailure takes, in characters. */
final class Bounds {

    private static final int LONGEST_ERROR = 256;
    private static final int LONGEST_CAUSE = 32_768;

    private Bounds() {}

    static String error(String error) {
        return bounded(error, LONGEST_ERROR);
    }

    static String cause(String cause) {
        return bounded(cause, LONGEST_CAUSE);
    }

    private static String bounded(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
