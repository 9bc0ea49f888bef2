package io.stepstream.gateway.auth;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.stream.StreamSupport;

/** A server's request as its signature sees it. */
record SignedRequest(ServerRequest request) implements AwsSignature.Signed {

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    @Override
    public String path() {
        return request.prologue().uriPath().rawPath();
    }

    @Override
    public String query() {
        return request.prologue().query().rawValue();
    }

    @Override
    public List<String> header(String name) {
        return request.headers().all(HeaderNames.create(name), List::of);
    }

    @Override
    public List<String> headers() {
        return StreamSupport.stream(request.headers().spliterator(), false)
                .map(header -> header.headerName().lowerCase())
                .toList();
    }
}
