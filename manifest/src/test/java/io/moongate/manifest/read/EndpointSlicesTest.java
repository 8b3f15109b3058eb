package io.moongate.manifest.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.write.ManifestWriter;
import io.moongate.manifest.write.Trees;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Service;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a slice cannot be dialled costs itself, and is told. */
class EndpointSlicesTest {
    @Test
    void namesAreIgnoredAsKubernetesDoes() {
        var contents = read("FQDN", "[{addresses: [localhost]}, {addresses: [example.org]}]", "[{port: 443}]");
        assertThat(slice(contents).endpoints()).isEmpty();
        assertThat(contents.failures()).isEmpty();
        assertThat(contents.problems())
                .singleElement()
                .asString()
                .startsWith("warning: endpoints of addressType FQDN are ignored")
                .contains("EndpointSlice shoot--a/kube-apiserver-1")
                .endsWith("[EndpointIgnored]");
    }

    @Test
    void oneAddressThatIsNoneCostsItself() {
        var contents = read(
                "IPv4",
                "[{addresses: [10.0.0.1, nonsense, 256.1.1.1, 10.0.0.2]}, {addresses: ['']}, {addresses: null}]",
                "[{port: 443}]");
        assertThat(slice(contents).endpoints())
                .extracting(EndpointSlice.Endpoint::addresses)
                .containsExactly(List.of("10.0.0.1", "10.0.0.2"));
        assertThat(contents.problems()).hasSize(3).allMatch(p -> p.code() == Problem.Code.ENDPOINT_IGNORED);
    }

    @Test
    void aPortThatIsNotTcpIsNone() {
        var contents = read(
                "IPv4",
                "[{addresses: [10.0.0.1]}]",
                "[{name: u, port: 443, protocol: UDP}, {name: t, port: 444, protocol: TCP}, {name: s, port: 445,"
                        + " protocol: SCTP}, {name: d, port: 446}]");
        assertThat(slice(contents).tcpPorts()).extracting(Service.Port::name).containsExactly("t", "d");
        assertThat(contents.problems()).as("such ports are usual").isEmpty();
    }

    @Test
    void aPortOutOfRangeCostsItself() {
        var contents = read("IPv4", "[{addresses: [10.0.0.1]}]", "[{port: 0}, {port: 70000}, {port: 443}]");
        assertThat(slice(contents).ports()).extracting(Service.Port::number).containsExactly(443);
        assertThat(contents.problems()).hasSize(2);
    }

    /** Who writes the slice must not decide how much of the log and of /config it takes. */
    @Test
    void ofManyBadAddressesAFewAreTold() {
        var atLimit = read("IPv4", "[{addresses: [10.0.0.1" + ", x".repeat(20) + "]}]", "[{port: 443}]");
        assertThat(atLimit.problems()).hasSize(20).allMatch(p -> p.code() == Problem.Code.ENDPOINT_IGNORED);
        var beyond = read("IPv4", "[{addresses: [10.0.0.1" + ", x".repeat(21) + "]}]", "[{port: 443}]");
        assertThat(slice(beyond).endpoints()).hasSize(1);
        assertThat(beyond.problems()).hasSize(21);
        assertThat(beyond.problems().getLast())
                .hasToString("warning: and 1 more warnings of this object, EndpointSlice shoot--a/kube-apiserver-1,"
                        + " test.yaml:1:1, correct what is listed first [MoreWarnings]");
        var many = read("IPv4", "[{addresses: [10.0.0.1" + ", x".repeat(900_000) + "]}]", "[{port: 443}]");
        assertThat(many.problems()).hasSize(21);
        assertThat(BoundedProblems.count(many.problems())).isEqualTo(900_000);
    }

    /** Of a file, too: and the errors in it are not lost among warnings. */
    @Test
    void ofManyBadObjectsAFewAreTold() {
        var text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append("kind: EndpointSlice\nmetadata: {name: s" + i
                    + ", labels: {kubernetes.io/service-name: k}}\naddressType: FQDN\n---\n");
        }
        text.append("apiVersion: config.moongate.io/v1alpha1\nkind: MoongateConfiguration\nnonsense: 1\n");
        var contents = ManifestReader.read("test.yaml", text.toString());
        assertThat(contents.problems()).hasSize(101);
        assertThat(contents.problems().getFirst().code()).isEqualTo(Problem.Code.UNKNOWN_FIELD);
        assertThat(contents.problems().getLast())
                .hasToString("warning: and 101 more warnings of this file, test.yaml, correct what is listed first"
                        + " [MoreWarnings]");
    }

    @Test
    void whatIsNotThereIsEmpty() {
        var contents = read("IPv6", "null", "null");
        assertThat(slice(contents).endpoints()).isEmpty();
        assertThat(contents.problems()).isEmpty();
    }

    @Test
    void readyAsInYaml11() {
        var contents = read(
                "IPv4",
                "[{addresses: [10.0.0.1], conditions: {ready: yes}}, {addresses: [10.0.0.2], conditions: {ready: no}}]",
                "[{port: 443}]");
        assertThat(slice(contents).endpoints())
                .extracting(EndpointSlice.Endpoint::ready)
                .containsExactly(true, false);
    }

    /** What is kept over restarts is what was read. */
    @Test
    void whatIsWrittenIsReadAgain() {
        for (String addresses : List.of("10.0.0.1, 10.0.0.2", "'2001:db8::1', 10.0.0.1")) {
            var contents = read(
                    "IPv4",
                    "[{addresses: [" + addresses + "], conditions: {ready: no, serving: true}}]",
                    "[{name: t, port: 444}, {name: u, port: 53, protocol: UDP}]");
            String json = Trees.json(ManifestWriter.tree(contents.good().getFirst()));
            assertThat(ManifestReader.read("last-good", json)).isEqualTo(contents);
        }
    }

    private static EndpointSlice slice(ManifestReader.Contents contents) {
        assertThat(contents.good()).as("%s", contents.problems()).hasSize(1);
        return ((Manifest.OfEndpointSlice) contents.good().getFirst()).slice();
    }

    private static ManifestReader.Contents read(String type, String endpoints, String ports) {
        return ManifestReader.read("test.yaml", """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: kube-apiserver-1
                  namespace: shoot--a
                  labels: {kubernetes.io/service-name: kube-apiserver}
                addressType: %s
                endpoints: %s
                ports: %s
                """.formatted(type, endpoints, ports));
    }
}
