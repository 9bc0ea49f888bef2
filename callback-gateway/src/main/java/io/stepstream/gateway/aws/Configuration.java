package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import java.util.List;
import java.util.Optional;

/** The configurations of AWS that are kept and shown, and otherwise mean nothing here: logging, tracing, encryption. */
final class Configuration {
    private static final String LOGGING = "loggingConfiguration";
    private static final String TRACING = "tracingConfiguration";
    private static final String ENCRYPTION = "encryptionConfiguration";
    private static final List<String> LEVELS = List.of("ALL", "ERROR", "FATAL", "OFF");
    private static final List<String> KEYS = List.of("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY");

    private Configuration() {}

    /** Those that a request has, checked, with their defaults filled in. */
    static ObjectNode of(AwsParameters parameters) throws ApiException {
        var given = Json.object();
        var logging = parameters.structure(LOGGING);
        if (logging.isPresent()) {
            given.set(LOGGING, logging(logging.get()));
        }
        var tracing = parameters.structure(TRACING);
        if (tracing.isPresent()) {
            given.putObject(TRACING).put("enabled", tracing.get().flag("enabled", false));
        }
        encryption(parameters).ifPresent(encryption -> given.set(ENCRYPTION, encryption));
        return given;
    }

    /** The encryption configuration of a request, checked. */
    static Optional<ObjectNode> encryption(AwsParameters parameters) throws ApiException {
        var encryption = parameters.structure(ENCRYPTION);
        if (encryption.isEmpty()) {
            return Optional.empty();
        }
        var type = encryption.get().oneOf("type", KEYS).orElseThrow(() -> encryption.get().missing("type"));
        var key = encryption.get().optional("kmsKeyId", 1, 2048);
        if (type.equals("AWS_OWNED_KEY") == key.isPresent()) {
            throw new ApiException(
                    ApiError.INVALID_ENCRYPTION_CONFIGURATION,
                    "Invalid Encryption Configuration: 'kmsKeyId' is for type CUSTOMER_MANAGED_KMS_KEY, which needs it");
        }
        return Optional.of(encryption.get().members().deepCopy());
    }

    private static ObjectNode logging(AwsParameters logging) throws ApiException {
        var level = logging.oneOf("level", LEVELS).orElse("OFF");
        var destinations = logging.structures("destinations");
        if (destinations.size() > 1 || destinations.isEmpty() && !level.equals("OFF")) {
            throw new ApiException(
                    ApiError.INVALID_LOGGING_CONFIGURATION,
                    "Invalid Logging Configuration: Must specify exactly one Log Destination.");
        }
        var shown = Json.object()
                .put("level", level)
                .put("includeExecutionData", logging.flag("includeExecutionData", false));
        if (logging.members().has("destinations")) {
            shown.set("destinations", logging.members().get("destinations").deepCopy());
        }
        return shown;
    }

    /** An activity's, as it is shown. */
    static ObjectNode shownEncryption(String configuration) {
        var shown = Json.object();
        shown.putObject(ENCRYPTION).put("type", "AWS_OWNED_KEY");
        shown.setAll(Json.ours(configuration));
        return shown;
    }

    /** All of them as they are shown, those never given with what AWS then has. */
    static ObjectNode shown(String configuration) {
        var shown = Json.object();
        shown.putObject(LOGGING).put("level", "OFF").put("includeExecutionData", false);
        shown.putObject(TRACING).put("enabled", false);
        shown.putObject(ENCRYPTION).put("type", "AWS_OWNED_KEY");
        shown.setAll(Json.ours(configuration));
        return shown;
    }
}
