package io.stepstream.integrations.items.store;

import java.util.List;

/** A page of a listing, and whether anything comes after it. */
public record Listing(List<ListedObject> objects, Rest rest) {

    /** What comes after a page. */
    public enum Rest {
        MORE,
        NOTHING
    }

    public Listing {
        objects = List.copyOf(objects);
    }
}
