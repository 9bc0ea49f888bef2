package io.stepstream.gateway.auth;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request's signature, version 4, in the header form ("AWS Signature Version 4 for API requests", IAM user guide).
 *
 * @param scope {@code <date>/<region>/<service>/aws4_request}
 * @param signedHeaders lower-case, in the order of the signature
 */
record AwsSignature(String accessKeyId, String scope, List<String> signedHeaders, String signature, Instant at) {

    /** How far a client's clock may be off, as AWS allows. */
    static final Duration SKEW = Duration.ofMinutes(5);

    static final String SERVICE = "states";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final int HEADER_CHARACTERS = 4096;
    private static final Pattern FORM = Pattern.compile(ALGORITHM
            + " +Credential=([A-Za-z0-9_]{4,128})/(([0-9]{8})/([A-Za-z0-9-]{1,64})/([A-Za-z0-9-]{1,64})/aws4_request),"
            + " *SignedHeaders=([a-z0-9;_-]{1,2048}), *Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** The part of a request that is signed. */
    interface Signed {
        String method();

        /** The path as it came. */
        String path();

        /** The query as it came, without the question mark; empty if there is none. */
        String query();

        /** The values of a header; empty if it was not sent. */
        List<String> header(String name);

        /** Names of all headers, lower-case. */
        List<String> headers();
    }

    /** Reads the signature, and refuses what cannot be good whatever the body and the secret are. */
    static AwsSignature read(Signed request, String region, Instant now) throws ApiException {
        var header = String.join(",", request.header("authorization"));
        if (header.isBlank()) {
            throw new ApiException(ApiError.MISSING_AUTHENTICATION, "Missing Authentication Token");
        }
        var found = FORM.matcher(header);
        if (header.length() > HEADER_CHARACTERS || !found.matches()) {
            throw incomplete("Authorization header must be '" + ALGORITHM
                    + " Credential=<id>/<date>/<region>/states/aws4_request, SignedHeaders=..., Signature=...'");
        }
        var at = time(String.join(",", request.header("x-amz-date")));
        if (!found.group(3).equals(TIME.format(at).substring(0, 8))) {
            throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
        }
        if (!found.group(4).equals(region)) {
            throw invalid("Credential should be scoped to a valid region, not '%s'.".formatted(found.group(4)));
        }
        if (!found.group(5).equals(SERVICE)) {
            throw invalid("Credential should be scoped to correct service: '%s'.".formatted(SERVICE));
        }
        requireClock(at, now);
        var headers = List.of(found.group(6).split(";"));
        requireSigned(request, headers);
        return new AwsSignature(found.group(1), found.group(2), headers, found.group(7), at);
    }

    private static void requireClock(Instant at, Instant now) throws ApiException {
        if (at.isBefore(now.minus(SKEW))) {
            throw invalid("Signature expired: %s is now earlier than %s (%s - 5 min.)"
                    .formatted(TIME.format(at), TIME.format(now.minus(SKEW)), TIME.format(now)));
        }
        if (at.isAfter(now.plus(SKEW))) {
            throw invalid("Signature not yet current: %s is still later than %s (%s + 5 min.)"
                    .formatted(TIME.format(at), TIME.format(now.plus(SKEW)), TIME.format(now)));
        }
    }

    /** What decides about a request must be under the signature: where it goes, when, and every header of AWS's. */
    private static void requireSigned(Signed request, List<String> headers) throws ApiException {
        if (!headers.contains("host")) {
            throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        for (var name : request.headers()) {
            if (name.startsWith("x-amz-") && !headers.contains(name)) {
                throw invalid("'%s' must be a 'SignedHeader' in the AWS Authorization.".formatted(name));
            }
            // We give no temporary credentials, so no session's token can be good.
            if (name.equals("x-amz-security-token")) {
                throw new ApiException(
                        ApiError.UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
            }
        }
        for (var name : headers) {
            if (request.header(name).isEmpty()) {
                throw invalid("The signed header '%s' is not in the request.".formatted(name));
            }
        }
        if (headers.stream().distinct().count() != headers.size()) {
            throw invalid("A header is in 'SignedHeaders' twice.");
        }
    }

    /** Refuses a signature that is not of this secret over this request. */
    void verify(Signed request, String body, String secret) throws ApiException {
        var hash = hex(sha256(body));
        var announced = request.header("x-amz-content-sha256");
        var good = isSignedWith(request, hash, secret);
        if (!good || (!announced.isEmpty() && !announced.equals(List.of(hash)))) {
            throw invalid(
                    "The request signature we calculated does not match the signature you provided. Check your AWS"
                            + " Secret Access Key and signing method. Consult the service documentation for details.");
        }
    }

    private boolean isSignedWith(Signed request, String bodyHash, String secret) {
        var canonical = String.join(
                "\n",
                request.method(),
                request.path(),
                query(request.query()),
                signedHeaders.stream()
                        .map(name -> name + ":" + value(request, name) + "\n")
                        .collect(Collectors.joining()),
                String.join(";", signedHeaders),
                bodyHash);
        var toSign = String.join("\n", ALGORITHM, TIME.format(at), scope, hex(sha256(canonical)));
        var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (var part : scope.split("/")) {
            key = hmac(key, part);
        }
        return MessageDigest.isEqual(hmac(key, toSign), HexFormat.of().parseHex(signature));
    }

    private static String value(Signed request, String name) {
        return request.header(name).stream()
                .map(value -> value.strip().replaceAll(" +", " "))
                .collect(Collectors.joining(","));
    }

    private static String query(String raw) {
        return raw.isEmpty()
                ? ""
                : Arrays.stream(raw.split("&"))
                        .map(pair -> pair.contains("=") ? pair : pair + "=")
                        .sorted()
                        .collect(Collectors.joining("&"));
    }

    private static Instant time(String header) throws ApiException {
        try {
            return Optional.of(header)
                    .filter(text -> !text.isEmpty())
                    .map(text -> Instant.from(TIME.parse(text)))
                    .orElseThrow(
                            () -> incomplete("Authorization header requires existence of an 'X-Amz-Date' header."));
        } catch (DateTimeException e) {
            throw incomplete("Date must be in ISO-8601 'basic format', as 20260102T030405Z.");
        }
    }

    private static ApiException incomplete(String what) {
        return new ApiException(ApiError.INCOMPLETE_SIGNATURE, what);
    }

    static ApiException invalid(String what) {
        return new ApiException(ApiError.INVALID_SIGNATURE, what);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes).toLowerCase(Locale.ROOT);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /** Without what proves anything. */
    @Override
    public String toString() {
        return "AwsSignature[" + accessKeyId + ", " + scope + "]";
    }
}
