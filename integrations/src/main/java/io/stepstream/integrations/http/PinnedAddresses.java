package io.stepstream.integrations.http;

import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.spi.DnsResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Resolves a host for the connection that is about to be made: the address that is looked at is the one that is connected to, so a name
 * that answers otherwise the second time (DNS rebinding) gains nothing.
 */
final class PinnedAddresses implements DnsResolver {

    /** Asks for a host's addresses. */
    @FunctionalInterface
    interface Lookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final Predicate<InetAddress> admitted;

    PinnedAddresses(Lookup lookup, Predicate<InetAddress> admitted) {
        this.lookup = lookup;
        this.admitted = admitted;
    }

    /** Public addresses only, by the JVM's resolver. */
    static PinnedAddresses ofTheSystem() {
        return new PinnedAddresses(host -> Arrays.asList(InetAddress.getAllByName(host)), PublicAddresses::isPublic);
    }

    @Override
    public InetAddress resolveAddress(String host, DnsAddressLookup preference) {
        try {
            return resolve(host, lookup.addresses(host.replaceAll("^\\[|]$", "")));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("the host " + host + " is not known", e);
        }
    }

    /** The first one, with the host's name, which TLS asks the certificate for. One that may not be called spoils them all. */
    private InetAddress resolve(String host, List<InetAddress> addresses) throws UnknownHostException {
        for (var address : addresses) {
            if (!admitted.test(address)) {
                throw new HttpRefused("the host " + host + " is at " + address.getHostAddress()
                        + ", which is no public address; stepstream.http.allow.private names those that may be");
            }
        }
        return InetAddress.getByAddress(host, addresses.getFirst().getAddress());
    }
}
