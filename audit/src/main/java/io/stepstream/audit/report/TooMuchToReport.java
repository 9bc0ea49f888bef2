package io.stepstream.audit.report;

/** There are more requests for a decision than one report holds; the message says how to ask for fewer. */
public final class TooMuchToReport extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMuchToReport(String message) {
        super(message);
    }
}
