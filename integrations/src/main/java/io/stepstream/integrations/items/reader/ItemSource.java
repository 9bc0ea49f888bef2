package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.ObjectAddress;

/** What items are read from. */
sealed interface ItemSource {

    /** A source whose items are in files. */
    sealed interface InFiles extends ItemSource {}

    /** The entries of a listing are the items. */
    record Entries(String bucket, String prefix) implements ItemSource {}

    /** One object holds the items. */
    record OneObject(ObjectAddress address, ItemFormat format) implements InFiles {}

    /** Every object of a listing holds items ({@code LOAD_AND_FLATTEN}). */
    record ListedObjects(String bucket, String prefix, ItemFormat format) implements InFiles {}

    /** The rows of an S3 inventory, whose files its manifest names. */
    record Inventory(ObjectAddress manifest) implements InFiles {}

    /** What Athena has unloaded: files that its manifest names. */
    record AthenaData(ObjectAddress manifest, ItemFormat format) implements InFiles {}
}
