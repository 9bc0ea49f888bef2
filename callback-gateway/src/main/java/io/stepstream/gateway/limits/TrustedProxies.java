package io.stepstream.gateway.limits;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Proxies whose word about where a request came from is taken: {@code Forwarded} (RFC 7239), or {@code X-Forwarded-For}. Whoever is not one
 * of them may write what he likes into these headers, and is himself where the request came from.
 */
public final class TrustedProxies {

    /** Nobody's word is taken. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    /** One member of a header's list; a quoted text may hold commas. */
    private static final Pattern ELEMENT = Pattern.compile("(?:[^,\"]|\"[^\"]*\")+");

    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for=(?:\"([^\"]*)\"|([^;\\s\"]*))");

    /** An address, perhaps with a port: then one of IPv6 is in brackets. */
    private static final Pattern NODE = Pattern.compile(
            "([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?::[0-9]+)?|\\[([0-9A-Fa-f:.]+)](?::[0-9]+)?|([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)");

    private static final int HOPS = 32;

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /** Addresses whose first so many bits are these. */
    private record Network(byte[] address, int bits) {

        boolean contains(InetAddress other) {
            var bytes = other.getAddress();
            if (bytes.length != address.length) {
                return false;
            }
            for (var bit = 0; bit < bits; bit++) {
                var mask = 0x80 >> bit % 8;
                if ((bytes[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Proxies in these networks.
     *
     * @param networks addresses, each perhaps with a number of leading bits, such as {@code 10.1.0.0/16}
     * @throws IllegalArgumentException if one is neither
     */
    public static TrustedProxies of(List<String> networks) {
        var parsed = new ArrayList<Network>();
        for (var text : networks) {
            var slash = text.indexOf('/');
            var bits = slash < 0 ? "" : text.substring(slash + 1);
            var network = address(slash < 0 ? text : text.substring(0, slash))
                    .filter(found -> slash < 0 || bits.matches("[0-9]{1,3}"))
                    .map(found -> new Network(
                            found.getAddress(), slash < 0 ? 8 * found.getAddress().length : Integer.parseInt(bits)))
                    .filter(found -> found.bits() <= 8 * found.address().length)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "%s is no network of proxies: give an address, such as 10.0.0.7, or a network, such as 10.0.0.0/8"
                                    .formatted(text)));
            parsed.add(network);
        }
        return new TrustedProxies(parsed);
    }

    /**
     * Where a request came from: the peer, or, as long as it is one of these, whoever it says to have been asked by, from the last to
     * the first. A header that makes no sense is not gone into further.
     *
     * @param forwarded values of the header {@code Forwarded}
     * @param forwardedFor values of {@code X-Forwarded-For}; looked at only without the other
     */
    public InetAddress client(InetAddress peer, List<String> forwarded, List<String> forwardedFor) {
        if (!trusts(peer)) {
            return peer;
        }
        var client = peer;
        var hops = forwarded.isEmpty()
                ? elements(forwardedFor)
                : elements(forwarded).stream().map(TrustedProxies::node).toList();
        for (var hop : hops.reversed().stream().limit(HOPS).toList()) {
            var said = address(hop);
            if (said.isEmpty()) {
                return client;
            }
            client = said.get();
            if (!trusts(client)) {
                return client;
            }
        }
        return client;
    }

    private boolean trusts(InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<String> elements(List<String> values) {
        return values.stream()
                .flatMap(value -> ELEMENT.matcher(value).results())
                .map(element -> element.group().strip())
                .filter(element -> !element.isEmpty())
                .toList();
    }

    /** Whom an element of {@code Forwarded} is about; empty if it does not tell. */
    private static String node(String element) {
        var found = FOR.matcher(element);
        if (!found.find()) {
            return "";
        }
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    /** Names are not looked up: only what is an address already. */
    private static Optional<InetAddress> address(String text) {
        var node = NODE.matcher(text);
        if (!node.matches()) {
            return Optional.empty();
        }
        var literal = IntStream.rangeClosed(1, node.groupCount())
                .mapToObj(node::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
