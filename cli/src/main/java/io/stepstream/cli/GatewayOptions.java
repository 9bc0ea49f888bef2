package io.stepstream.cli;

import io.stepstream.cli.dev.Trouble;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which gateway is asked, and by whom. */
public final class GatewayOptions {
    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The gateway (default: ${DEFAULT-VALUE}, that of dev mode).")
    private URI uri = URI.create("http://127.0.0.1:8080");

    @Option(names = "--key-file", paramLabel = "FILE", description = "A file with an operator's API key.")
    private @Nullable Path keyFile;

    /** The API of that gateway. */
    public NativeApi open() {
        return new NativeApi(uri, NativeApi.key(keyFile));
    }

    /**
     * The answer to a request for a path.
     *
     * @throws Trouble if it is not a good one
     */
    public HttpResponse<String> ask(String path, UnaryOperator<HttpRequest.Builder> asking)
            throws InterruptedException {
        try (var api = open()) {
            var response = api.send(() -> asking.apply(api.request(path)).build());
            return switch (response.statusCode()) {
                case 401, 403 ->
                    throw new Trouble("the gateway does not let you: " + NativeApi.detail(response)
                            + "; give an operator's API key by --key-file");
                case 200 -> response;
                default -> throw new Trouble("the gateway refuses: " + NativeApi.detail(response));
            };
        }
    }
}
