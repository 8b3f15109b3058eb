package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Envoy;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same bytes to real Envoy with routes like upstream's and to the gateway. Where the answers differ on purpose the
 * reason stands beside the row; docs/differences.md is the same list for readers.
 */
class DifferentialTest {
    private static final String A = "shoot--test--a";
    private static final String VALUE = Plans.apiServer(A);

    @TempDir
    static Path folder;

    private static Upstream upstream;
    private static TestGateway gateway;
    private static Process envoy;
    private static InetSocketAddress envoyAddress;

    @BeforeAll
    static void start() throws IOException {
        upstream = Upstream.echo();
        gateway = new TestGateway(new Plans().route(A, upstream.port()));
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            envoyAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        Path config =
                Files.writeString(folder.resolve("envoy.yaml"), bootstrap(envoyAddress.getPort(), upstream.port()));
        envoy = Envoy.start(config, folder.resolve("envoy.log"));
        // A connection alone proves nothing: one to a free port of one's own can connect to itself.
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> statusLine(envoyAddress, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                        .startsWith("HTTP/1.1 301"));
    }

    @AfterAll
    static void end() throws Exception {
        envoy.destroy();
        envoy.waitFor();
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "accepted 1.1             | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 200 | ''",
                "accepted 1.0             | CONNECT a:1 HTTP/1.0~X-Gardener-Destination: VALUE~~ | HTTP/1.0 200 | HTTP/1.0 200 | ''",
                "both headers             | CONNECT a:1 HTTP/1.1~Host: a:1~Reversed-VPN: VALUE~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 200 | ''",
                "no header                | CONNECT a:1 HTTP/1.1~Host: a:1~~ | HTTP/1.1 301 | HTTP/1.1 301 | ''",
                "other header only        | CONNECT a:1 HTTP/1.1~Host: a:1~Reversed-VPN: VALUE~~ | HTTP/1.1 301 | HTTP/1.1 301 | ''",
                "refused value            | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: evil~~ | HTTP/1.1 301 | HTTP/1.1 301 | ''",
                "not CONNECT              | GET /x HTTP/1.1~Host: a.example~~ | HTTP/1.1 301 | HTTP/1.1 301 | ''",
                "pattern, but not in plan | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: OTHER~~ | HTTP/1.1 503 | HTTP/1.1 301 | an allowlist of the plan and not a pattern: rule 1",
                "content-length           | CONNECT a:1 HTTP/1.1~Host: a:1~Content-Length: 1~X-Gardener-Destination: VALUE~~ | HTTP/1.1 400 | HTTP/1.1 400 | ''",
                "transfer-encoding        | CONNECT a:1 HTTP/1.1~Host: a:1~Transfer-Encoding: chunked~X-Gardener-Destination: VALUE~~ | HTTP/1.1 501 | HTTP/1.1 400 | CONTRACT: CL or TE on CONNECT",
                "bare LF                  | CONNECT a:1 HTTP/1.1^Host: a:1^X-Gardener-Destination: VALUE^^ | HTTP/1.1 200 | HTTP/1.1 400 | two readers of one head must not disagree",
                "doubled header           | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: VALUE~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 301 | which of two values counts must not depend on the reader",
                "conflicting headers      | CONNECT a:1 HTTP/1.1~Host: a:1~Reversed-VPN: OTHER~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 301 | CONTRACT: ConflictingHeaders",
                "no host in 1.1           | CONNECT a:1 HTTP/1.1~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 200 | ''",
                "empty line first         | ~CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 200 | ''",
                "names in lower case      | CONNECT a:1 HTTP/1.1~host: a:1~x-gardener-destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 200 | ''",
                "authority without port   | CONNECT a HTTP/1.1~Host: a~X-Gardener-Destination: VALUE~~ | HTTP/1.1 400 | HTTP/1.1 200 | the authority is ignored, so nothing depends on its form",
                "two hosts                | CONNECT a:1 HTTP/1.1~Host: a:1~Host: b:1~X-Gardener-Destination: VALUE~~ | HTTP/1.1 200 | HTTP/1.1 400 | two readers of one head must not disagree",
                "folded header            | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination:~ VALUE~~ | HTTP/1.1 200 | HTTP/1.1 400 | two readers of one head must not disagree",
                "blank before the colon   | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination : VALUE~~ | HTTP/1.1 400 | HTTP/1.1 400 | ''",
                "NUL                      | CONNECT a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: VALUE~x: %~~ | HTTP/1.1 400 | HTTP/1.1 400 | ''",
                "lower case method        | connect a:1 HTTP/1.1~Host: a:1~X-Gardener-Destination: VALUE~~ | HTTP/1.1 400 | HTTP/1.1 301 | a method like any other: NotConnect",
                "unknown version          | CONNECT a:1 HTTP/1.2~Host: a:1~X-Gardener-Destination: VALUE~~ | HTTP/1.0 200 | HTTP/1.1 400 | there is no such version"
            })
    void sameBytesSameAnswer(String name, String request, String envoyAnswer, String ourAnswer, String reason)
            throws IOException {
        String bytes = request.replace("OTHER", Plans.apiServer("shoot--test--other"))
                .replace("VALUE", VALUE)
                .replace("~", "\r\n")
                .replace("^", "\n")
                .replace("%", "\0");
        String theirs = statusLine(envoyAddress, bytes);
        String ours = statusLine(gateway.address(Entrance.UNIFIED), bytes);
        assertThat(ours).as("the gateway").startsWith(ourAnswer);
        assertThat(theirs).as("Envoy").startsWith(envoyAnswer);
        assertThat(reason.isEmpty())
                .as("a difference needs a reason, and a reason a difference; Envoy said " + theirs)
                .isEqualTo(theirs.regionMatches(0, ours, 0, 12));
    }

    @Test
    void bothSendABrowserToTheSamePlace() throws IOException {
        String get = "GET /path?query=1 HTTP/1.1\r\nHost: a.example:8443\r\n\r\n";
        assertThat(location(gateway.address(Entrance.UNIFIED), get))
                .isEqualTo("location: https://a.example:443/path?query=1")
                .isEqualTo(location(envoyAddress, get));
    }

    private static String location(InetSocketAddress address, String request) throws IOException {
        try (var client = new Client(address)) {
            return client.send(request)
                    .readHead()
                    .lines()
                    .filter(line -> line.startsWith("location:"))
                    .collect(Collectors.joining());
        }
    }

    private static String statusLine(InetSocketAddress address, String bytes) throws IOException {
        try (var client = new Client(address)) {
            client.send(bytes);
            return client.readHead().lines().findFirst().orElse("closed");
        }
    }

    private static String bootstrap(int port, int upstreamPort) {
        return """
                admin: {address: {pipe: {path: "@differential-%1$d"}}}
                layered_runtime: {layers: [{name: static, static_layer: {re2.max_program_size.error_level: 1000}}]}
                static_resources:
                  listeners:
                  - address: {socket_address: {address: 127.0.0.1, port_value: %1$d}}
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: unified
                          http_protocol_options: {accept_http_10: true, default_host_for_http_10: none}
                          upgrade_configs: [{upgrade_type: CONNECT}]
                          http_filters: [{name: envoy.filters.http.router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match:
                                  connect_matcher: {}
                                  headers: [{name: X-Gardener-Destination, string_match: {safe_regex: {regex: 'outbound\\|443\\|\\|kube-apiserver\\.shoot--[a-z-]+\\.svc\\.cluster\\.local'}}}]
                                route: {cluster_header: X-Gardener-Destination, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}
                              - {match: {connect_matcher: {}}, redirect: {https_redirect: true, port_redirect: 443}}
                              - {match: {prefix: "/"}, redirect: {https_redirect: true, port_redirect: 443}}
                  clusters:
                  - name: "%3$s"
                    type: STATIC
                    connect_timeout: 1s
                    load_assignment: {cluster_name: a, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}}}]}]}
                """.formatted(port, upstreamPort, VALUE);
    }
}
