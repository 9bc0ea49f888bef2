package io.stepstream.gateway;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.approval.ApprovalPages;
import io.stepstream.gateway.aws.AwsApi;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Problems;

/** Turns a request away before it has reached an API, in the form of that API. */
final class Refusing {

    private Refusing() {}

    static void send(ServerRequest request, ServerResponse response, ApiException reason) {
        var path = request.prologue().uriPath().rawPath();
        if (path.equals("/v1") || path.startsWith("/v1/")) {
            Problems.send(response, reason);
        } else if (path.equals("/")) {
            AwsApi.refuse(response, reason);
        } else {
            ApprovalPages.refuse(request, response, reason);
        }
    }
}
