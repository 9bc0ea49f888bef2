package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.StatesArn;

/** ARNs that a request names, of the type that its operation is about; refused in AWS's words. */
public final class ResourceArns {
    private ResourceArns() {}

    /** Any of ours. */
    public static StatesArn any(String text) throws ApiException {
        return StatesArn.parse(text).orElseThrow(() -> Refusals.invalidArn(text));
    }

    /** One of this type. */
    public static <T extends StatesArn> T of(Class<T> type, String text) throws ApiException {
        var arn = any(text);
        if (!type.isInstance(arn)) {
            throw Refusals.wrongType(arn);
        }
        return type.cast(arn);
    }
}
