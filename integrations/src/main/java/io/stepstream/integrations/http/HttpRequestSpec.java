package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What the parameters of an HTTP task ask for, as AWS has them (guide, "Call HTTPS APIs").
 *
 * @param connection name of the connection, out of its ARN
 * @param body empty if nothing is sent
 */
record HttpRequestSpec(
        URI endpoint, String method, Map<String, String> headers, Optional<String> connection, Optional<Body> body) {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");

    /** Those are the transport's; AWS refuses them too. */
    private static final Set<String> REFUSED_HEADERS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** What is sent, and as what. */
    record Body(String contentType, String text) {}

    /** Whether a request may be sent again when nobody knows what became of it (RFC 9110, 9.2.2). */
    boolean isIdempotent() {
        return !method.equals("POST") && !method.equals("PATCH");
    }

    /** The same request to where a redirect leads. */
    HttpRequestSpec redirected(URI to, int status) {
        var asGet =
                status == 303 && !method.equals("HEAD") || (status == 301 || status == 302) && method.equals("POST");
        return new HttpRequestSpec(to, asGet ? "GET" : method, headers, connection, asGet ? Optional.empty() : body);
    }

    /** @throws IllegalArgumentException if it is no request; the message says what is wrong */
    static HttpRequestSpec of(JsonNode parameters) {
        var method = parameters.path("Method").asText();
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("'Method' must be one of " + METHODS + ", not '" + method + "'");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        parameters.path("Headers").properties().forEach(header -> {
            var text = header.getValue().asText();
            if (REFUSED_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))
                    || !header.getKey().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
                    || text.matches("(?s).*[\\r\\n\\x00].*")) {
                throw new IllegalArgumentException("the header '" + header.getKey() + "' cannot be set");
            }
            headers.put(header.getKey(), text);
        });
        var arn = parameters.path("Authentication").path("ConnectionArn").asText();
        return new HttpRequestSpec(
                endpoint(parameters), method, Map.copyOf(headers), connection(arn), body(parameters, headers));
    }

    /** {@code arn:aws:events:region:account:connection/name/id}, or the name alone. */
    private static Optional<String> connection(String arn) {
        if (arn.isEmpty()) {
            return Optional.empty();
        }
        var at = arn.indexOf(":connection/");
        return Optional.of(
                at < 0 ? arn : arn.substring(at + ":connection/".length()).split("/", 2)[0]);
    }

    private static URI endpoint(JsonNode parameters) {
        var text = parameters.path("ApiEndpoint").asText();
        var query = new StringJoiner("&");
        parameters.path("QueryParameters").properties().forEach(each -> {
            var values = each.getValue();
            if (values.isArray()) {
                values.forEach(value -> query.add(pair(each.getKey(), value)));
            } else {
                query.add(pair(each.getKey(), values));
            }
        });
        try {
            var plain = URI.create(text);
            if (plain.getHost() == null || plain.getRawUserInfo() != null || plain.getRawFragment() != null) {
                throw new IllegalArgumentException("no host, or more than an address");
            }
            return query.length() == 0 ? plain : URI.create(text + (plain.getRawQuery() == null ? "?" : "&") + query);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'ApiEndpoint' must be an address like https://host/path, not '" + text + "'", e);
        }
    }

    private static String pair(String name, JsonNode value) {
        return encoded(name) + "=" + encoded(value.asText());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Optional<Body> body(JsonNode parameters, Map<String, String> headers) {
        var given = parameters.path("RequestBody");
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        var contentType = headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
                .map(Map.Entry::getValue)
                .findFirst();
        if (parameters.path("Transform").path("RequestBodyEncoding").asText().equals("URL_ENCODED")) {
            var form = new StringJoiner("&");
            given.properties().forEach(field -> form.add(pair(field.getKey(), field.getValue())));
            return Optional.of(new Body(contentType.orElse("application/x-www-form-urlencoded"), form.toString()));
        }
        return Optional.of(
                given.isTextual()
                        ? new Body(contentType.orElse("text/plain; charset=utf-8"), given.asText())
                        : new Body(contentType.orElse("application/json"), given.toString()));
    }
}
