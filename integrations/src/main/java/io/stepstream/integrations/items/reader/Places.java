package io.stepstream.integrations.items.reader;

/** Places that are numbers: of a file in a manifest, or of a byte. */
final class Places {

    private Places() {}

    static int number(String place) throws ItemReaderFailed {
        return (int) Math.min(offset(place), Integer.MAX_VALUE);
    }

    static long offset(String place) throws ItemReaderFailed {
        if (place.isEmpty()) {
            return 0;
        }
        if (!place.matches("[0-9]{1,18}")) {
            throw new ItemReaderFailed(
                    "cursor.place \"" + place + "\" is not as the reader has answered it; start again");
        }
        return Long.parseLong(place);
    }
}
