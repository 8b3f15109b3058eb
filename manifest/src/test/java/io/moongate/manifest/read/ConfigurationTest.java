package io.moongate.manifest.read;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.write.ManifestWriter;
import io.moongate.manifest.write.Trees;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final String HEAD = "apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\n";

    /** The block in CONTRACT, key by key. */
    @Test
    void theDefaultsAreThoseOfTheContract() {
        String contract = HEAD + """
                featureGates: {UseUnifiedHTTPProxyPort: false, RemoveHTTPProxyLegacyPort: false}
                gateway:
                  listeners:
                    unified: {port: 8443, addresses: ["0.0.0.0", "::"], proxyProtocol: {mode: Disabled, trustedCIDRs: []}}
                    legacy: {port: 8132, addresses: ["0.0.0.0", "::"], proxyProtocol: {mode: Disabled, trustedCIDRs: []}}
                  limits: {maxTunnels: auto, maxTunnelsPerShoot: 0, maxTunnelsPerSource: 0, headBytes: 16384, headTimeout: 10s, connectTimeout: 5s, idleTimeout: 24h, maxAge: 0s}
                  keepalive: {idle: 55s, interval: 55s, probes: 3}
                  drain: {grace: 45s}
                  access: []
                admin: {address: 127.0.0.1, port: 9090}
                """;
        MoongateConfiguration read = good(contract);
        assertThat(read.gateway()).isEqualTo(ConfigurationReader.defaults().gateway());
        assertThat(read.admin()).isEqualTo(ConfigurationReader.defaults().admin());
    }

    /** Each is a socket: with very many of them no client could connect, and no file be read that takes them back. */
    @Test
    void aListenerHasAFewAddresses() {
        String addresses =
                IntStream.rangeClosed(1, 16).mapToObj(i -> "127.0.0." + i).collect(joining(", "));
        String listener = HEAD + "gateway: {listeners: {legacy: {addresses: [%s]}}}\n";
        assertThat(good(listener.formatted(addresses))
                        .gateway()
                        .listeners()
                        .legacy()
                        .addresses())
                .hasSize(16);
        assertThat(ManifestReader.read("c.yaml", listener.formatted(addresses + ", 127.0.0.17"))
                        .problems())
                .singleElement()
                .asString()
                .contains("gateway.listeners.legacy: there are more than 16 listener addresses", "c.yaml:3:31");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "gatway: {}; UnknownField; c.yaml:3:1; did you mean 'gateway'",
                "gateway: {limits: {maxTunnel: 1}}; UnknownField; c.yaml:3:20; did you mean 'maxTunnels'",
                "gateway: {limits: {headTimeout: 10}}; InvalidValue; c.yaml:3:33; not a duration",
                "gateway: {limits: {headBytes: 1}}; InvalidValue; c.yaml:3:31; less than 256",
                "gateway: {listeners: {unified: {port: 70000}}}; InvalidValue; c.yaml:3:39; more than 65535",
                "gateway: {listeners: {unified: {proxyProtocol: {mode: On}}}}; InvalidValue; c.yaml:3:55; Disabled, Optional, Strict",
                "gateway: {listeners: {legacy: {addresses: [localhost]}}}; InvalidValue; c.yaml:3:31; not an IP address",
                "gateway: {access: [{shoot: foo, allow: []}]}; InvalidValue; c.yaml:3:28; namespace/name",
                "gateway: {access: [{shoot: a/b}]}; MissingField; c.yaml:3:20; allow is missing",
                "gateway: {access: [{shoot: a/b, allow: [10.0.0.0/33]}]}; InvalidValue; c.yaml:3:41; /33",
                "gateway: {access: [{shoot: a/b, allow: []}, {shoot: a/b, allow: []}]}; InvalidValue; c.yaml:3:10; more than one entry",
                "featureGates: {UseUnified: true}; InvalidValue; c.yaml:3:15; known are UseUnifiedHTTPProxyPort",
                "admin: {port: yes}; InvalidValue; c.yaml:3:15; not a whole number",
                "gateway: {drain: 45s}; InvalidValue; c.yaml:3:18; not a mapping",
                "evidence: {accessLogService: {tls: {key: a}}}; InvalidValue; c.yaml:3:36; only some of certificate, key and ca",
                "evidence: {accessLogService: {connections: 0}}; InvalidValue; c.yaml:3:44; less than 1",
                "admin: {hosts: x}; InvalidValue; c.yaml:3:16; not a list",
                "input: {maxFileBytes: 1}; InvalidValue; c.yaml:3:23; less than 1024"
            })
    void everyMistakeIsNamedWithItsPlaceAndTheWayOut(String line, String code, String place, String text) {
        List<Problem> problems = bad(HEAD + line);
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().code().label()).isEqualTo(code);
        assertThat(problems.getFirst().place().orElseThrow().toString()).isEqualTo(place);
        assertThat(problems.getFirst().toString()).contains(text);
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThat(bad(HEAD + "gatway: {}\nadmin: {port: x}\ngateway: {limits: {maxAge: 1y}}"))
                .hasSize(3);
    }

    @Test
    void jsonIsReadAsYamlIs() {
        assertThat(
                        good("{\n\t\"apiVersion\": \"config.moongate.io/v1alpha1\",\n\t\"kind\": \"MoongateConfiguration\",\n\t\"admin\": {\n\t\t\"port\": 1\n\t}\n}\n")
                                .admin()
                                .port())
                .isEqualTo(1);
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() {
        MoongateConfiguration configuration = good(
                HEAD
                        + "gateway: {listeners: {legacy: {addresses: []}, unified: {proxyProtocol: {mode: Strict, trustedCIDRs: [10.0.0.0/8]}}}, limits: {maxTunnels: 7, maxAge: 90s}, access: [{shoot: a/b, allow: [\"2001:db8::/32\"]}]}\nfeatureGates: {AllAlpha: true}");
        String text = Trees.json(ManifestWriter.tree(new Manifest.OfConfiguration(configuration)));
        assertThat(good(text)).isEqualTo(configuration);
    }

    @Test
    void theReferencePageIsUpToDate() throws IOException {
        Path page = Path.of("../docs/reference/configuration.md");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(page, ConfigurationReference.markdown());
        }
        assertThat(Files.readString(page))
                .as("mend with ./verify --update")
                .isEqualTo(ConfigurationReference.markdown());
    }

    private static MoongateConfiguration good(String text) {
        var contents = ManifestReader.read("c.yaml", text);
        assertThat(contents.failures()).isEmpty();
        return ((Manifest.OfConfiguration) contents.good().getFirst()).configuration();
    }

    private static List<Problem> bad(String text) {
        var contents = ManifestReader.read("c.yaml", text);
        assertThat(contents.good()).isEmpty();
        return contents.problems();
    }
}
