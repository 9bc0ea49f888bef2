package io.stepstream.gateway.limits;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.ClientAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Stands before every route: turns away an address that asks too often, and guards bodies. */
public final class LimitFilter implements Filter {

    private static final List<String> PAGES = List.of("/a/", "/approve/", "/deny/");
    private static final int IPV6_NETWORK_BYTES = 8;

    private final HttpLimits limits;
    private final TrustedProxies proxies;
    private final Refusal refusal;
    private final RateLimiter addresses;
    private final RateLimiter pages;

    /** Tells a client that nothing was done, in the form of what it called. */
    @FunctionalInterface
    public interface Refusal {
        void send(RoutingRequest request, RoutingResponse response, ApiException reason);
    }

    /** @param proxies whose word about where a request came from is taken */
    public LimitFilter(HttpLimits limits, TrustedProxies proxies, Refusal refusal) {
        this.limits = limits;
        this.proxies = proxies;
        this.refusal = refusal;
        this.addresses = new RateLimiter("requests of one address", limits.address());
        this.pages = new RateLimiter("requests of one address to approval pages", limits.page());
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        // By its headers: content that was asked for once takes no filter any more.
        var headers = request.headers();
        var hasBody = headers.contentLength().orElse(0) > 0 || headers.contains(HeaderNames.TRANSFER_ENCODING);
        var rest = hasBody ? limits.bodyTime() : Duration.ZERO;
        TimedHeads.request(rest, () -> limited(chain, request, response));
    }

    private void limited(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var path = request.prologue().uriPath().rawPath();
        if (!path.startsWith("/health/")) {
            try {
                var address = network(request);
                addresses.take(address);
                if (PAGES.stream().anyMatch(path::startsWith)) {
                    pages.take(address);
                }
            } catch (ApiException e) {
                refusal.send(request, response, e);
                return;
            }
        }
        var announced = request.headers().contentLength().orElse(0);
        if (announced > limits.bodyBytes()) {
            refusal.send(
                    request,
                    response,
                    new ApiException(
                            ApiError.BODY_TOO_LARGE,
                            "The body has %d bytes; the limit is %d".formatted(announced, limits.bodyBytes())));
            return;
        }
        request.streamFilter(body -> new GuardedBody(body, limits.bodyBytes(), limits.bodyTime()));
        chain.proceed();
    }

    /** Who owns one IPv6 address owns a network of them. */
    private String network(RoutingRequest request) {
        if (!(request.remotePeer().address() instanceof InetSocketAddress peer)) {
            return Bodies.address(request);
        }
        var headers = request.headers();
        var client = proxies.client(
                peer.getAddress(),
                headers.all(HeaderNames.FORWARDED, List::of),
                headers.all(HeaderNames.X_FORWARDED_FOR, List::of));
        if (!client.equals(peer.getAddress())) {
            request.context().register(new ClientAddress(client));
        }
        return network(client);
    }

    static String network(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), IPV6_NETWORK_BYTES))
                : address.getHostAddress();
    }
}
