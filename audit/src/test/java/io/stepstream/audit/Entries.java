package io.stepstream.audit;

import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.schemas.avro.MintedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A whole history in memory, for tests to count in. */
final class Entries {
    private Entries() {}

    static List<Entry> of(LogSource log) {
        var entries = new ArrayList<Entry>();
        new HistoryScan(log).run(HistorySelection.ALL, entries::add);
        return entries;
    }

    /** The secrets that are in it. */
    static Set<String> tokens(LogSource log) {
        return of(log).stream()
                .flatMap(entry -> entry.record().getTokens().stream())
                .map(MintedToken::getToken)
                .collect(Collectors.toSet());
    }
}
