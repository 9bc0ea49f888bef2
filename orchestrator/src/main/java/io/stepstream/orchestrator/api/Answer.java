package io.stepstream.orchestrator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;

/** An HTTP answer: a status and a JSON text. */
record Answer(int status, String json) {

    boolean isOk() {
        return status == Status.OK_200.code();
    }

    static Answer ok(String json) {
        return new Answer(Status.OK_200.code(), json);
    }

    static Answer problem(Status status, String message) {
        return new Answer(status.code(), Json.object().put("message", message).toString());
    }

    /** What an exception's message says, which is written for whoever asks. */
    static Answer problem(Status status, Exception reason) {
        return problem(status, String.valueOf(reason.getMessage()));
    }

    void send(ServerResponse response) {
        response.status(status).header(HeaderNames.CONTENT_TYPE, "application/json");
        if (status == Status.SERVICE_UNAVAILABLE_503.code()) {
            response.header(HeaderNames.RETRY_AFTER, "1");
        }
        response.send(json.getBytes(UTF_8));
    }
}
