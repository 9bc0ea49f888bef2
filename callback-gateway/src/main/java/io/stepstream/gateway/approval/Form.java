package io.stepstream.gateway.approval;

import io.stepstream.gateway.form.FormField;
import io.stepstream.gateway.form.FormSchema;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The fields of a submitted HTML form. */
record Form(Map<String, String> fields) {

    static Form parse(String urlEncoded) throws ApiException {
        var fields = new HashMap<String, String>();
        try {
            for (var pair : urlEncoded.split("&")) {
                var at = pair.indexOf('=');
                if (at > 0) {
                    fields.putIfAbsent(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.MALFORMED, "The form is not application/x-www-form-urlencoded");
        }
        return new Form(Map.copyOf(fields));
    }

    /** What was written into the fields of a form that the approval describes. */
    Map<String, String> fieldsOf(FormSchema schema) {
        return schema.fields().stream()
                .collect(Collectors.toMap(
                        FormField::name,
                        field -> fields.getOrDefault(FormHtml.NAME + field.name(), "")
                                .replace("\r\n", "\n")));
    }

    /** The field's text, with plain line ends, cut to so many characters; empty if it was not sent. */
    String field(String name, int most) {
        var text = fields.getOrDefault(name, "").replace("\r\n", "\n").strip();
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
