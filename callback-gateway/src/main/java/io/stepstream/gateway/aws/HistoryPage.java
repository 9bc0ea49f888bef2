package io.stepstream.gateway.aws;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a page of history begins; its text is the API's {@code nextToken}. Events never change and only grow in number, so an
 * event's id is a place that stays.
 *
 * @param after id of the last event of the page before; 0 for the first page
 */
record HistoryPage(String arn, long after, boolean reverse) {

    private static final String VERSION = "1";

    String text() {
        var fields = String.join("\n", VERSION, arn, Long.toString(after), Boolean.toString(reverse));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fields.getBytes(StandardCharsets.UTF_8));
    }

    static HistoryPage parse(String text) throws ApiException {
        try {
            var fields = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", -1);
            if (fields.length != 4 || !fields[0].equals(VERSION)) {
                throw invalid();
            }
            return new HistoryPage(fields[1], Long.parseLong(fields[2]), Boolean.parseBoolean(fields[3]));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    static ApiException invalid() {
        return new ApiException(
                ApiError.INVALID_TOKEN, "Invalid Token: 'nextToken is not one that this request has been given'");
    }
}
