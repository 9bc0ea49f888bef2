package io.stepstream.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.gateway.EdgeSettings;
import io.stepstream.gateway.http.ApiException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {

    private final AtomicLong now = new AtomicLong();

    @Test
    void aBucketHoldsABurstAndFillsAtItsRate() {
        var limiter = new RateLimiter("calls", new Rate(2, 3), 10, now::get);
        for (var i = 0; i < 3; i++) {
            assertThat(limiter.tryTake("a")).isEqualTo(Duration.ZERO);
        }
        assertThat(limiter.tryTake("a")).isEqualTo(Duration.ofMillis(500));
        assertThat(limiter.tryTake("b")).isEqualTo(Duration.ZERO);
        now.addAndGet(Duration.ofMillis(250).toNanos());
        assertThat(limiter.tryTake("a")).isEqualTo(Duration.ofMillis(250));
        now.addAndGet(Duration.ofMillis(250).toNanos());
        assertThat(limiter.tryTake("a")).isEqualTo(Duration.ZERO);
        now.addAndGet(Duration.ofHours(1).toNanos());
        for (var i = 0; i < 3; i++) {
            assertThat(limiter.tryTake("a")).isEqualTo(Duration.ZERO);
        }
        assertThat(limiter.tryTake("a")).isPositive();
    }

    @Test
    void saysWhenToComeBackInWholeSeconds() throws Exception {
        var limiter = new RateLimiter("calls of one client", new Rate(0.4, 1), 10, now::get);
        limiter.take("a");
        assertThatThrownBy(() -> limiter.take("a")).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(3));
            assertThat(e.detail()).isEqualTo("Rate exceeded: calls of one client may be 0.4 a second, 1 at once");
        });
    }

    @Test
    void remembersSoManyCallersAndForgetsTheOneThatIsAwayLongest() {
        var limiter = new RateLimiter("calls", new Rate(0.001, 1), 2, now::get);
        limiter.tryTake("a");
        limiter.tryTake("b");
        limiter.tryTake("a");
        limiter.tryTake("c");
        assertThat(limiter.tryTake("a")).isPositive();
        assertThat(limiter.tryTake("b")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "2001:db8:1:2:3:4:5:6, 20010db800010002",
        "2001:db8:1:2:ffff::1, 20010db800010002",
        "2001:db8:1:3::1, 20010db800010003"
    })
    void anIpv6NetworkIsOneClient(String address, String network) throws Exception {
        assertThat(LimitFilter.network(InetAddress.getByName(address))).isEqualTo(network);
    }

    @Test
    void placesAreGivenBack() throws Exception {
        var places = new LongPolls(1);
        try (var _ = places.take()) {
            assertThatThrownBy(places::take).hasMessageContaining("1 calls wait already");
        }
        places.take().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void withoutCredentialsAGatewayListensOnLoopbackOnly(String host) {
        assertThatThrownBy(() -> EdgeSettings.LOOPBACK.withHost(host))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(host)
                .hasMessageContaining("credentials");
        assertThat(EdgeSettings.LOOPBACK
                        .withCredentials(java.nio.file.Path.of("x"))
                        .withHost(host)
                        .host())
                .isEqualTo(host);
    }
}
