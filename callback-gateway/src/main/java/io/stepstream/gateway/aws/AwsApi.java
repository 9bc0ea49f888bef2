package io.stepstream.gateway.aws;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.auth.Doors;
import io.stepstream.gateway.auth.Principal;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.trace.RequestSpans;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AWS Step Functions API: AWS JSON 1.0 on {@code POST /}, the operation named by a header. */
public final class AwsApi implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(AwsApi.class);
    private static final String TARGET = "AWSStepFunctions.";
    private static final String CONTENT_TYPE = "application/x-amz-json-1.0";

    private final Doors doors;
    private final AwsOperations operations;

    public AwsApi(Doors doors, AwsOperations operations) {
        this.doors = doors;
        this.operations = operations;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::handle);
    }

    private void handle(ServerRequest request, ServerResponse response) {
        response.header("x-amzn-RequestId", UUID.randomUUID().toString());
        response.header("Content-Type", CONTENT_TYPE);
        response.header("Cache-Control", "no-store");
        try {
            var claim = doors.claim(request);
            var body = Bodies.text(request, Bodies.BODY_BYTES);
            var principal = claim.over(body);
            var name = operation(request);
            var operation = operations.named(name);
            RequestSpans.name("StepFunctions/" + name);
            var parameters = new AwsParameters(body.isBlank() ? Json.object() : Json.parseObject(body));
            doors.admit(principal, name, parameters.members());
            Constraints.check(name, parameters.members());
            operation.run(parameters, sender(request, principal), (answer, trace) -> {
                trace.traceparent().ifPresent(value -> response.header("traceparent", value));
                trace.tracestate().ifPresent(value -> response.header("tracestate", value));
                response.send(Json.bytes(answer));
            });
        } catch (UncheckedIOException e) {
            LOG.debug("A client has gone: {}", e.getMessage());
            throw e;
        } catch (ApiException e) {
            send(response, e);
        } catch (RuntimeException e) {
            LOG.error("An AWS call broke", e);
            if (!response.isSent()) {
                send(response, new ApiException(ApiError.INTERNAL, "Something broke inside; the log has more"));
            }
        }
    }

    private static String operation(ServerRequest request) throws ApiException {
        var target = Bodies.header(request, "X-Amz-Target");
        if (!target.startsWith(TARGET)) {
            throw new ApiException(
                    ApiError.UNKNOWN_OPERATION,
                    "Unknown operation '%s': the header X-Amz-Target must be %s<operation>".formatted(target, TARGET));
        }
        return target.substring(TARGET.length());
    }

    private static Sender sender(ServerRequest request, Principal principal) {
        var id = Bodies.header(request, "amz-sdk-invocation-id");
        return new Sender(
                "aws",
                principal.name(),
                Bodies.address(request),
                Optional.of(id).filter(text -> !text.isEmpty() && text.length() <= 128));
    }

    /** Turns a request away that has not been read. */
    public static void refuse(ServerResponse response, ApiException failure) {
        response.header("x-amzn-RequestId", UUID.randomUUID().toString());
        response.header("Content-Type", CONTENT_TYPE);
        response.header("Cache-Control", "no-store");
        send(response, failure);
    }

    private static void send(ServerResponse response, ApiException failure) {
        Bodies.closeIfUnread(response, failure);
        var error = failure.error();
        response.status(error.awsStatus());
        failure.retryAfter().ifPresent(after -> response.header("Retry-After", Long.toString(after.toSeconds())));
        response.header("x-amzn-ErrorType", error.awsName());
        response.send(Json.bytes(Json.object().put("__type", error.awsName()).put("message", failure.detail())));
    }
}
