package io.stepstream.gateway.aws;

import io.stepstream.gateway.http.ApiException;

/** What {@code includedData} asks for. */
enum Shown {
    ALL_DATA,
    METADATA_ONLY;

    static Shown of(AwsParameters parameters) throws ApiException {
        return valueOf(parameters.string("includedData").orElse("ALL_DATA"));
    }
}
