package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.tracing.TraceHeaders;

/** An operation of the AWS API, which answers through the reply. */
@FunctionalInterface
interface Operation {
    void run(AwsParameters parameters, Sender sender, Reply reply) throws ApiException;

    /** Sends an operation's output. Throws if it could not be sent. */
    @FunctionalInterface
    interface Reply {
        /** @param trace of what the output is about, for whoever answers it in turn */
        void send(ObjectNode output, TraceHeaders trace);

        default void send(ObjectNode output) {
            send(output, TraceHeaders.NONE);
        }
    }

    /** An operation that returns its output. */
    @FunctionalInterface
    interface Call {
        ObjectNode output(AwsParameters parameters, Sender sender) throws ApiException;
    }

    static Operation returning(Call call) {
        return (parameters, sender, reply) -> reply.send(call.output(parameters, sender));
    }
}
