package io.stepstream.cli.executions;

import java.util.Locale;

/** What is done to executions: each is a path of the native API. */
enum Verb {
    PAUSE("Have executions begin nothing more until they are resumed.", "RUNNING"),
    RESUME("Let paused executions go on.", "RUNNING"),
    STOP("Stop executions.", "RUNNING"),
    REDRIVE("Let executions that failed, timed out or were stopped go on from there.", "FAILED");

    private final String description;
    private final String usualStatus;

    Verb(String description, String usualStatus) {
        this.description = description;
        this.usualStatus = usualStatus;
    }

    /** As it is written on the command line and in the path. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** The status of those that a search is for, if it does not say. */
    String usualStatus() {
        return usualStatus;
    }
}
