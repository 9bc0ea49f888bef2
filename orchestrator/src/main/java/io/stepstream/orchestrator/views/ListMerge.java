package io.stepstream.orchestrator.views;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts pages together that are parts of one list. */
public final class ListMerge {
    private ListMerge() {}

    /**
     * The first {@code limit} executions of all these pages. A page that was cut bounds what can be told: behind its end there may
     * be more of it, which would come before what other pages have behind that place.
     */
    public static ListPage of(List<ListPage> pages, int limit) {
        var horizon = pages.stream().flatMap(page -> page.next().stream()).min(Comparator.naturalOrder());
        var all = pages.stream()
                .flatMap(page -> page.executions().stream())
                .filter(entry -> horizon.filter(end -> entry.position().compareTo(end) > 0)
                        .isEmpty())
                .sorted(Comparator.comparing(ListPage.Entry::position))
                .toList();
        if (all.size() > limit) {
            var shown = new ArrayList<>(all.subList(0, limit));
            return new ListPage(shown, Optional.of(shown.getLast().position()));
        }
        return new ListPage(all, horizon);
    }
}
