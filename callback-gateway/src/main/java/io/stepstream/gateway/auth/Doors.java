package io.stepstream.gateway.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import io.stepstream.gateway.auth.Credentials.AwsKey;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.engine.Refusals;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.limits.RateLimiter;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.TokenKeys;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** Who may come in: everybody where there are no credentials, else whoever proves to be somebody, and no further than his roles go. */
public final class Doors {

    private static final String BEARER = "Bearer ";

    /** An unknown key's signature is computed too, so that the time of an answer does not tell which keys there are. */
    private static final String NO_SECRET = "no secret of anybody's";

    private final Optional<LiveCredentials> credentials;
    private final TokenKeys tokens;
    private final QueryApi queries;
    private final RateLimiter rate;
    private final String region;
    private final Clock clock;

    /**
     * @param credentials empty if everybody may do everything
     * @param rate of each principal
     * @param region that AWS's clients must sign for
     */
    public Doors(
            Optional<LiveCredentials> credentials,
            TokenKeys tokens,
            QueryApi queries,
            RateLimiter rate,
            String region,
            Clock clock) {
        this.credentials = credentials;
        this.tokens = tokens;
        this.queries = queries;
        this.rate = rate;
        this.region = region;
        this.clock = clock;
    }

    /** What an AWS client says to be, once its request has been found worth reading. */
    @FunctionalInterface
    public interface Claim {
        /** Who it is, if the signature is of this body. */
        Principal over(String body) throws ApiException;
    }

    /** Looks at the head of an AWS client's request; what cannot be good is refused before its body is read. */
    public Claim claim(ServerRequest request) throws ApiException {
        if (credentials.isEmpty()) {
            return body -> Principal.ANYBODY;
        }
        var signed = new SignedRequest(request);
        var signature = AwsSignature.read(signed, region, clock.instant());
        var key = credentials.get().now().aws(signature.accessKeyId());
        return body -> {
            verify(signature, signed, body, key);
            var principal = key.map(AwsKey::principal).orElseThrow(Doors::unrecognized);
            rate.take(principal.name());
            return principal;
        };
    }

    private static void verify(AwsSignature signature, SignedRequest signed, String body, Optional<AwsKey> key)
            throws ApiException {
        try {
            signature.verify(signed, body, key.map(AwsKey::secret).orElse(NO_SECRET));
        } catch (ApiException e) {
            throw key.isPresent() ? e : unrecognized();
        }
    }

    private static ApiException unrecognized() {
        return new ApiException(ApiError.UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
    }

    /** Refuses an operation of the AWS API that is none of his; one that AWS has not is for the API itself to refuse. */
    public void admit(Principal principal, String operation, ObjectNode members) throws ApiException {
        var roles = AwsAccess.to(operation);
        if (roles.isPresent() && !principal.isOneOf(roles.get())) {
            throw denied(principal, "states:" + operation);
        }
        if (!principal.tasks().isEmpty()) {
            switch (operation) {
                case "GetActivityTask" ->
                    admitPoll(principal, members.path("activityArn").asText());
                case "SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat" ->
                    admitTask(principal, members.path("taskToken").asText());
                default -> {}
            }
        }
    }

    /** Who calls the native API, if he may do what only these roles may. */
    public Principal admit(ServerRequest request, String operation, Set<Role> roles) throws ApiException {
        if (credentials.isEmpty()) {
            return Principal.ANYBODY;
        }
        var header = Bodies.header(request, "Authorization");
        if (!header.startsWith(BEARER)) {
            throw new ApiException(
                    ApiError.MISSING_AUTHENTICATION, "Send an API key: Authorization: Bearer ssk_<id>_<secret>");
        }
        var principal = credentials
                .get()
                .now()
                .api(header.substring(BEARER.length()).strip())
                .orElseThrow(() -> new ApiException(ApiError.UNRECOGNIZED_CLIENT, "The API key is not one of ours"));
        rate.take(principal.name());
        if (!principal.isOneOf(roles)) {
            throw denied(principal, operation);
        }
        return principal;
    }

    private static void admitPoll(Principal principal, String activityArn) throws ApiException {
        if (StatesArn.parse(activityArn).orElse(null) instanceof StatesArn.Activity activity
                && !principal.mayDo(activity.name())) {
            throw denied(principal, "states:GetActivityTask on resource: " + activityArn);
        }
    }

    /** Refuses a task of another name than those that a worker is for. A token that is none is refused as everywhere. */
    public void admitTask(Principal principal, String token) throws ApiException {
        if (principal.tasks().isEmpty()) {
            return;
        }
        try {
            var task = tokens.verify(token);
            var name = queries.task(task.executionId(), task.ticket())
                    .map(found -> found.path("name").asText());
            if (name.isEmpty() || !principal.mayDo(name.get())) {
                throw denied(principal, "answer a task that is not one of " + principal.tasks());
            }
        } catch (InvalidToken e) {
            throw Refusals.invalidToken();
        }
    }

    private static ApiException denied(Principal principal, String what) {
        return new ApiException(
                ApiError.ACCESS_DENIED, "User: %s is not authorized to perform: %s".formatted(principal.name(), what));
    }
}
