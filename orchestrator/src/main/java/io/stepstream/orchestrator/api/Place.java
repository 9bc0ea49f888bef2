package io.stepstream.orchestrator.api;

import io.stepstream.orchestrator.views.Position;

/** A place in a list, as the query API writes it: {@code <start, epoch milliseconds>-<executionId>}. */
final class Place {
    private Place() {}

    static String text(Position position) {
        return position.startMillis() + "-" + position.executionId();
    }

    static Position position(String text) {
        var dash = text.indexOf('-');
        try {
            var id = text.substring(dash + 1);
            if (dash > 0 && Query.EXECUTION_ID.matcher(id).matches()) {
                return new Position(Long.parseLong(text.substring(0, dash)), id);
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new BadQuery("after=" + text + ": give the next that the page before had");
    }
}
