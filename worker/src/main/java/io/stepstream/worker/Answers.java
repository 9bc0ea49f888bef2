package io.stepstream.worker;

import io.stepstream.schemas.avro.TaskRequest;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a worker tells of its requests. */
interface Answers {

    /**
     * Which task is answered.
     *
     * @param task what it is called in logs
     * @param partition of task-results; without one, that of the execution's key
     * @param trace W3C trace context, by header
     */
    record Address(String token, String executionId, String task, OptionalInt partition, Map<String, String> trace) {
        static Address of(TaskRequest request, Map<String, String> trace) {
            return new Address(
                    request.getToken(),
                    request.getExecutionId(),
                    request.getName() + " of " + request.getExecutionArn(),
                    OptionalInt.of(request.getResultPartition()),
                    trace);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return task;
        }
    }

    /** Returns once the output is safe; throws if it cannot be known that it is. */
    void succeed(Address to, String outputJson) throws Exception;

    /** Returns once the failure is safe; throws if it cannot be known that it is. */
    void fail(Address to, String error, String cause) throws Exception;

    /** Gives a sign of life and does not wait for it: the next one comes anyway. */
    void heartbeat(Address to);

    /** Keeps a request that cannot be served, as it came. */
    void deadLetter(ConsumerRecord<byte[], byte[]> record, String error, String reason) throws Exception;
}
