package io.moongate.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {
    private static final String TOOL = RequestGuard.TOOL_HEADER + ": true";
    private final RequestGuard strict = RequestGuard.STRICT;
    private final RequestGuard shared = new RequestGuard(Set.of("moongate.example.org"), true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9090",
                "localhost",
                "LocalHost:9090",
                "[::1]",
                "[::1]:9090",
                "10.1.2.3:9090",
                "[2001:db8::1]:80"
            })
    void addressesAndLocalhostAreKnown(String host) {
        assertThat(allowed(strict, "GET", "Host: " + host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example", "evil.example:9090", "", " ", "localhost.evil.example", "127.0.0.1.evil.example",
                        "127.1",
                "0x7f000001", "::1", "[127.0.0.1]", "[::1", "user@127.0.0.1", "127.0.0.1:x", "127.0.0.1:9090:1",
                "localhost:123456", "moongate.example.org"
            })
    void otherNamesAreNot(String host) {
        assertThat(allowed(strict, "GET", "Host: " + host)).isFalse();
        assertThat(allowed(strict, "GET", "Host: " + host, TOOL))
                .as("not even for tools")
                .isFalse();
    }

    @Test
    void aHostMustBeThereOnce() {
        assertThat(allowed(strict, "GET")).isFalse();
        assertThat(allowed(strict, "GET", "Host: 127.0.0.1", "Host: 127.0.0.1")).isFalse();
    }

    @Test
    void namesCanBeConfigured() {
        assertThat(allowed(shared, "GET", "Host: Moongate.example.org.:9091")).isTrue();
    }

    @Test
    void whereApiServersForwardToolsHaveAnyHost() {
        assertThat(allowed(shared, "GET", "Host: api.seed-1.example", TOOL)).isTrue();
        assertThat(allowed(shared, "GET", "Host: api.seed-1.example"))
                .as("a page, perhaps")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "X"})
    void aChangeNeedsTheHeaderThatAPageCannotSet(String method) {
        assertThat(allowed(strict, method, "Host: 127.0.0.1")).isFalse();
        assertThat(allowed(strict, method, "Host: 127.0.0.1", RequestGuard.TOOL_HEADER + ": 1"))
                .isFalse();
        assertThat(allowed(strict, method, "Host: 127.0.0.1", TOOL)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9090, true",
        "http://evil.example, false",
        "null, false",
        "'', false",
        "%, false",
        "http://127.0.0.1:8080, false"
    })
    void anOriginMustBeThisOne(String origin, boolean allowed) {
        assertThat(allowed(strict, "POST", "Host: 127.0.0.1:9090", TOOL, "Origin: " + origin))
                .isEqualTo(allowed);
        assertThat(allowed(strict, "GET", "Host: 127.0.0.1:9090", "Origin: " + origin))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"none, true", "same-origin, true", "same-site, false", "cross-site, false", "x, false"})
    void aBrowserSaysFromWhereItAsks(String site, boolean allowed) {
        assertThat(allowed(strict, "GET", "Host: 127.0.0.1", "Sec-Fetch-Site: " + site))
                .isEqualTo(allowed);
        assertThat(allowed(strict, "POST", "Host: 127.0.0.1", TOOL, "Sec-Fetch-Site: " + site))
                .isEqualTo(allowed);
    }

    @Test
    void aLinkFromAnotherSiteMayBeFollowed() {
        assertThat(allowed(
                        strict,
                        "GET",
                        "Host: 127.0.0.1",
                        "Sec-Fetch-Site: cross-site",
                        "Sec-Fetch-Mode: navigate",
                        "Sec-Fetch-Dest: document"))
                .isTrue();
        assertThat(allowed(
                        strict,
                        "GET",
                        "Host: 127.0.0.1",
                        "Sec-Fetch-Site: cross-site",
                        "Sec-Fetch-Mode: navigate",
                        "Sec-Fetch-Dest: iframe"))
                .as("in a frame it is not seen")
                .isFalse();
    }

    private static boolean allowed(RequestGuard guard, String method, String... headers) {
        return guard.refusal(method, name -> values(name, headers)).isEmpty();
    }

    private static List<String> values(String name, String... headers) {
        var values = new ArrayList<String>();
        for (String header : headers) {
            int colon = header.indexOf(": ");
            if (header.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(header.substring(colon + 2));
            }
        }
        return values;
    }
}
