package io.stepstream.audit.whatif;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.schemas.Secrets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Data and endings as they are compared and told: without tokens, which differ in each run. */
final class Shown {
    /** Tokens as a rehearsal makes them. */
    private static final Pattern REHEARSED = Pattern.compile("token-\\d+-\\d+");

    private static final int MOST = 200;

    private Shown() {}

    static JsonNode data(Document document) {
        return ShownPayloads.json(REHEARSED.matcher(document.text()).replaceAll(Secrets.HIDDEN));
    }

    /** The beginning of data. */
    static String text(Document document) {
        var text = data(document).toString();
        return text.length() <= MOST ? text : text.substring(0, MOST - 1) + "…";
    }

    /** How an execution ended, without its output and cause. */
    static String ending(Optional<Outcome> outcome) {
        return outcome.map(end -> switch (end) {
                    case Outcome.Succeeded _, Outcome.TimedOut _ -> end.status().name();
                    case Outcome.Failed(var error, var _) -> named(end, error);
                    case Outcome.Aborted(var error, var _) -> named(end, error);
                })
                .orElse("still running");
    }

    private static String named(Outcome end, Optional<String> error) {
        return end.status().name()
                + error.map(name -> " " + ShownPayloads.hidden(name)).orElse("");
    }
}
