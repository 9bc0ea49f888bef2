package io.stepstream.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameOriginTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, null,                  true",
                "cross-site,  null,                  false",
                "same-site,   http://host:80,        false",
                "none,        '',                    false",
                "'',          '',                    true",
                "'',          null,                  true",
                "'',          http://host:8080,      true",
                "'',          http://HOST:8080,      true",
                "'',          http://host:8081,      false",
                "'',          http://evil,           false",
                "'',          http://host:8080.evil, false",
                "'',          '::',                  false",
            })
    void aDecisionComesFromOurOwnPage(String fetchSite, String origin, boolean allowed) {
        assertThat(SameOrigin.allows(fetchSite, origin, "host:8080")).isEqualTo(allowed);
    }
}
