package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Certificates;
import io.moongate.conformance.lab.Envoy;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Envoy as the API server proxy, with the bootstrap that Moongate writes, to a real TLS server. */
class EnvoyTest {
    private static final String ADVERTISED = "240.1.2.3";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "legacy, both, HTTP/1.1",
        "unified, one, HTTP/1.1",
        "unified, both, HTTP/1.1",
        "unified, one, HTTP/2",
        "legacy, both, HTTP/2"
    })
    void podsReachTheirApiServer(String port, String headers, String protocol) throws Exception {
        try (var lab = new Lab(folder)) {
            Path bootstrap = bootstrap(lab, port.equals("unified"));
            assertThat(bootstrap).content().contains("port_value: " + (port.equals("unified") ? 8443 : 8132));
            if (port.equals("unified") && headers.equals("both")) {
                sendBothHeaders(bootstrap);
            }
            if (protocol.equals("HTTP/2")) {
                speakHttp2(bootstrap);
            }
            envoy(lab, bootstrap);
            assertThat(get(lab, "2")).as("curl through it").isEqualTo("200 2");
            assertThat(get(lab, "20000000")).isEqualTo("200 20000000");
            assertThat(lab.in(lab.seed(), "curl", "-sS", "http://127.0.0.1:9090/metrics"))
                    .contains("moongate_tunnels_total{flag=\"Completed\",listener=\"" + port + "\"} 2.0");
            assertThat(lab.log("gateway")).contains("\"protocol\":\"" + protocol + "\"");
            assertThat(lab.in(lab.shoot(), "curl", "-sS", "http://127.0.0.1:16910/metrics"))
                    .contains("envoy_tcp_");
            assertThat(lab.succeeds(lab.shoot(), "curl", "-fsS", "-X", "POST", "http://127.0.0.1:16910/quitquitquit"))
                    .as("admin is not on TCP")
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoHundredClientsAtOnce(boolean http2) throws Exception {
        try (var lab = new Lab(folder)) {
            Path bootstrap = bootstrap(lab, true);
            if (http2) {
                speakHttp2(bootstrap);
            }
            envoy(lab, bootstrap);
            try (var threads = Executors.newFixedThreadPool(200)) {
                List<Future<String>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    answers.add(threads.submit(() -> get(lab, "100000")));
                }
                for (Future<String> answer : answers) {
                    assertThat(answer.get()).isEqualTo("200 100000");
                }
            }
        }
    }

    private Path bootstrap(Lab lab, boolean gate) throws IOException {
        Path landscape = Files.createDirectories(folder.resolve("landscape"));
        Path output = folder.resolve("out");
        Certificates.make(Files.createDirectories(folder.resolve("pki")));
        Files.writeString(landscape.resolve("moongate.yaml"), Manifests.configuration(gate, ""));
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.shoot("solo", Lab.SEED_IP, false) + Manifests.endpoints("solo", "kube-apiserver", 6443));
        lab.start(
                lab.seed(),
                "tls",
                "python3",
                Path.of("src/test/resources/bulk_server.py").toAbsolutePath().toString(),
                "127.0.0.1",
                "6443",
                folder.resolve("pki/server").toString());
        lab.awaitLog("tls", "listening");
        lab.gateway(landscape, output);
        return output.resolve("shoot--test--solo/apiserver-proxy.yaml");
    }

    /** As upstream's proxies up to Gardener 1.143 do on the unified port. */
    private static void sendBothHeaders(Path bootstrap) throws IOException {
        String text = Files.readString(bootstrap);
        var header = java.util.regex.Pattern.compile(
                        "( *)- header:\\n +key: X-Gardener-Destination\\n( +value: .*\\n)( +append_action: .*\\n)")
                .matcher(text);
        assertThat(header.find()).isTrue();
        String second = header.group().replace("X-Gardener-Destination", "Reversed-VPN");
        Files.writeString(bootstrap, text.substring(0, header.end()) + second + text.substring(header.end()));
    }

    /** All tunnels of one Envoy are then streams of few connections. */
    private static void speakHttp2(Path bootstrap) throws IOException {
        String text = Files.readString(bootstrap);
        String before = "    connect_timeout: 5s\n";
        assertThat(text).containsOnlyOnce(before);
        Files.writeString(bootstrap, text.replace(before, """
                    connect_timeout: 5s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {max_concurrent_streams: 100}}
                """));
    }

    private void envoy(Lab lab, Path bootstrap) throws IOException {
        Path binary = Envoy.binary();
        lab.in(lab.shoot(), "ip", "addr", "add", ADVERTISED + "/32", "dev", "lo");
        lab.start(
                lab.shoot(),
                "envoy",
                binary.toString(),
                "-c",
                bootstrap.toString(),
                "--concurrency",
                "1",
                "--base-id",
                String.valueOf(Math.abs(lab.shoot().hashCode()) % 100_000));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (lab.log("envoy").contains("[critical]")) {
                throw new AssertionError(lab.log("envoy"));
            }
            return lab.succeeds(lab.shoot(), "curl", "-fsS", "http://127.0.0.1:16910/ready");
        });
    }

    private String get(Lab lab, String bytes) throws IOException {
        return lab.in(
                lab.shoot(),
                "curl",
                "-sS",
                "-m",
                "60",
                "--cacert",
                folder.resolve("pki/ca.crt").toString(),
                "--connect-to",
                "kubernetes.default:443:" + ADVERTISED + ":443",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code} %{size_download}",
                "https://kubernetes.default/" + bytes);
    }
}
