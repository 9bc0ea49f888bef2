package io.stepstream.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request came from, by the word of proxies in 10.0.0.0/8 and 2001:db8:1::/48. */
class TrustedProxiesTest {
    private final TrustedProxies proxies = TrustedProxies.of(List.of("10.0.0.0/8", "2001:db8:1::/48", "192.0.2.7"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "203.0.113.5 | for=198.51.100.1                            | 203.0.113.5",
                "10.1.2.3    | for=198.51.100.1                            | 198.51.100.1",
                "192.0.2.7   | for=198.51.100.1                            | 198.51.100.1",
                "192.0.2.8   | for=198.51.100.1                            | 192.0.2.8",
                "10.1.2.3    | for=6.6.6.6, for=198.51.100.1               | 198.51.100.1",
                "10.1.2.3    | for=198.51.100.1, for=10.9.9.9              | 198.51.100.1",
                "10.1.2.3    | for=10.0.0.1, for=10.9.9.9                  | 10.0.0.1",
                "10.1.2.3    | for=\"198.51.100.1:4711\";proto=https;by=x | 198.51.100.1",
                "10.1.2.3    | proto=https;For=\"[2001:db8:2::17]:47\"    | 2001:db8:2:0:0:0:0:17",
                "2001:db8:1::9 | for=198.51.100.1                          | 198.51.100.1",
                "2001:db8:2::9 | for=198.51.100.1                          | 2001:db8:2:0:0:0:0:9",
                "10.1.2.3    | for=6.6.6.6, for=unknown                    | 10.1.2.3",
                "10.1.2.3    | for=6.6.6.6, for=_hidden                    | 10.1.2.3",
                "10.1.2.3    | for=6.6.6.6, for=300.1.1.1                  | 10.1.2.3",
                "10.1.2.3    | for=6.6.6.6, proto=https                    | 10.1.2.3",
                "10.1.2.3    | ``                                          | 10.1.2.3",
            })
    void theLastWordOfAProxyCounts(String peer, String forwarded, String client) {
        assertThat(proxies.client(InetAddress.ofLiteral(peer), List.of(forwarded), List.of())
                        .getHostAddress())
                .isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6.6.6.6, 198.51.100.1            | 198.51.100.1",
                "198.51.100.1, 10.2.2.2           | 198.51.100.1",
                "2001:db8:2::17                   | 2001:db8:2:0:0:0:0:17",
                "[2001:db8:2::17]:80              | 2001:db8:2:0:0:0:0:17",
                "198.51.100.1:80                  | 198.51.100.1",
                "evil.example.org                 | 10.1.2.3",
            })
    void theOtherHeaderCountsWhereThereIsNoForwarded(String forwardedFor, String client) {
        var peer = InetAddress.ofLiteral("10.1.2.3");
        assertThat(proxies.client(peer, List.of(), List.of(forwardedFor)).getHostAddress())
                .isEqualTo(client);
        assertThat(proxies.client(peer, List.of("for=198.51.100.77"), List.of(forwardedFor))
                        .getHostAddress())
                .isEqualTo("198.51.100.77");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/", "proxy.example.org", "10.0.0.0/-1", "::/129", "10.0.0"})
    void whatIsNoNetworkIsRefusedWithWhatIs(String text) {
        assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
                .hasMessageContaining("is no network of proxies")
                .hasMessageContaining("10.0.0.0/8");
    }
}
