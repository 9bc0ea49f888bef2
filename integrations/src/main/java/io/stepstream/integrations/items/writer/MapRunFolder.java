package io.stepstream.integrations.items.writer;

import io.stepstream.integrations.items.request.Fields;
import io.stepstream.integrations.items.store.ObjectAddress;
import java.util.Optional;

/**
 * Where the files of a Map Run are.
 *
 * @param folder what all their keys begin with, the last slash included
 */
record MapRunFolder(String mapRunArn, String bucket, String folder, Optional<String> expectedOwner) {

    static MapRunFolder of(Fields request) throws Fields.Invalid {
        Fields parameters = request.object("parameters");
        String arn = request.text("mapRunArn");
        String id = arn.substring(arn.lastIndexOf(':') + 1);
        if (!arn.startsWith("arn:") || !id.matches("[a-zA-Z0-9-]{1,80}")) {
            throw request.missing("mapRunArn", "a Map Run's ARN, which ends in its id");
        }
        String prefix = parameters.optionalText("Prefix").orElse("");
        String parent = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        return new MapRunFolder(
                arn, parameters.text("Bucket"), parent + id + "/", parameters.optionalText("ExpectedBucketOwner"));
    }

    /** A part's file of one status: the same whenever the part is written. */
    ObjectAddress part(ResultStatus status, long part, ResultFormat format) {
        return address(status + "_" + part + "." + format.extension());
    }

    ObjectAddress manifest() {
        return address("manifest.json");
    }

    private ObjectAddress address(String name) {
        return new ObjectAddress(bucket, folder + name, Optional.empty(), expectedOwner);
    }
}
