package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What {@code lambda:invoke} gives: a function's return value in the response that AWS's service would have sent. State machines pick
 * {@code Payload} out of it, and some look at the rest; what no service has said here is made up from the step's own randomness.
 */
final class InvocationResponse {
    private InvocationResponse() {}

    static Document of(Document returned, Instant now, RandomGenerator random) {
        var requestId = new UUID(random.nextLong(), random.nextLong()).toString();
        var headers = new LinkedHashMap<String, String>();
        headers.put("X-Amz-Executed-Version", "$LATEST");
        headers.put("x-amzn-Remapped-Content-Length", "0");
        headers.put("Connection", "keep-alive");
        headers.put("x-amzn-RequestId", requestId);
        headers.put("Content-Length", String.valueOf(returned.bytes()));
        headers.put("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
        headers.put("X-Amzn-Trace-Id", traceId(now, random));
        headers.put("Content-Type", "application/json");

        var response = JsonNodeFactory.instance.objectNode();
        response.put("ExecutedVersion", "$LATEST").set("Payload", returned.tree());
        var http = response.putObject("SdkHttpMetadata");
        var all = http.putObject("AllHttpHeaders");
        headers.forEach((name, value) -> all.putArray(name).add(value));
        var plain = http.putObject("HttpHeaders");
        headers.forEach(plain::put);
        http.put("HttpStatusCode", 200);
        response.putObject("SdkResponseMetadata").put("RequestId", requestId);
        response.put("StatusCode", 200);
        return Document.of(response);
    }

    private static String traceId(Instant now, RandomGenerator random) {
        var hex = HexFormat.of();
        return "Root=1-" + hex.toHexDigits((int) now.getEpochSecond()) + "-" + hex.toHexDigits(random.nextInt())
                + hex.toHexDigits(random.nextLong()) + ";Sampled=0";
    }
}
