package io.stepstream.gateway.aws;

import io.stepstream.gateway.http.ApiException;
import java.util.List;

/** What {@code includedData} asks for. */
enum Shown {
    ALL_DATA,
    METADATA_ONLY;

    static Shown of(AwsParameters parameters) throws ApiException {
        return valueOf(parameters
                .oneOf("includedData", List.of("ALL_DATA", "METADATA_ONLY"))
                .orElse("ALL_DATA"));
    }
}
