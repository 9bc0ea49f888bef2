package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import java.util.List;
import java.util.Map;

/** TestState: the request is checked here, and carried out by an orchestrator, which has the interpreter. */
final class TestStateOperation {
    private static final int MOST_RETRIES = Integer.MAX_VALUE;
    private static final List<String> VALIDATIONS = List.of("STRICT", "PRESENT", "NONE");

    private final QueryApi queries;

    TestStateOperation(QueryApi queries) {
        this.queries = queries;
    }

    Map<String, Operation> byName() {
        return Map.of("TestState", returning(this::test));
    }

    private ObjectNode test(AwsParameters parameters, Sender sender) throws ApiException {
        var request = Json.object().put("definition", parameters.required("definition"));
        parameters.string("stateName").ifPresent(name -> request.put("stateName", name));
        parameters.string("roleArn").ifPresent(role -> request.put("roleArn", role));
        var input = Bodies.payload("input", parameters.string("input").orElse("{}"));
        request.set("input", Json.parse(input, ApiError.INVALID_EXECUTION_INPUT));
        request.put("inspectionLevel", parameters.string("inspectionLevel").orElse("INFO"));
        if (parameters.flag("revealSecrets", false)) {
            parameters.refuse("revealSecrets", "nothing that a test shows is a secret of ours");
        }
        var variables = parameters.string("variables").orElse("{}");
        if (!(Json.parse(Bodies.payload("variables", variables), ApiError.VALIDATION) instanceof ObjectNode known)) {
            throw new ApiException(ApiError.VALIDATION, "variables must be a JSON object");
        }
        request.set("variables", known);
        parameters.string("context").ifPresent(context -> request.put("context", context));
        mock(parameters, request);
        configuration(parameters, request);
        return queries.testState(request);
    }

    private static void mock(AwsParameters parameters, ObjectNode request) throws ApiException {
        var mock = parameters.structure("mock");
        if (mock.isEmpty()) {
            return;
        }
        var shown = request.putObject("mock");
        mock.get().string("result").ifPresent(result -> shown.put("result", result));
        var error = mock.get().structure("errorOutput");
        if (error.isPresent()) {
            var output = shown.putObject("errorOutput")
                    .put("error", error.get().string("error").orElse(""));
            error.get().string("cause").ifPresent(cause -> output.put("cause", cause));
        }
        shown.put(
                "fieldValidationMode",
                mock.get().oneOf("fieldValidationMode", VALIDATIONS).orElse("STRICT"));
    }

    private static void configuration(AwsParameters parameters, ObjectNode request) throws ApiException {
        var configuration = parameters.structure("stateConfiguration");
        if (configuration.isEmpty()) {
            return;
        }
        var shown = request.putObject("stateConfiguration");
        shown.put("retrierRetryCount", configuration.get().number("retrierRetryCount", MOST_RETRIES));
        shown.put("mapIterationFailureCount", configuration.get().number("mapIterationFailureCount", MOST_RETRIES));
        configuration.get().string("mapItemReaderData").ifPresent(data -> shown.put("mapItemReaderData", data));
    }
}
