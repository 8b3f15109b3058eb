package io.moongate.conformance;

import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Admin;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.Helm;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.io.TempDir;

/** A seed with the chart's operator and witness, which run here in place of its pods. */
abstract class WitnessScene {
    static final String LIVE = "shoot--test--live";
    static final String EXEMPTED =
            "{shoot: garden-test/live, owner: team-a, reason: test, expires: 2099-01-01T00:00:00Z}";

    @TempDir
    Path folder;

    Cluster cluster;
    Garden garden;
    OperatorProcess operator;
    OperatorProcess witness;
    int accessLog;
    int shared;
    String namespace = "default";
    String ownership = "{seed: Manage}";
    String attach = "Now";
    String window = "3s";

    /** Before anything else. */
    final void of(Cluster lab, OperatorProcess anOperator, OperatorProcess aWitness) {
        cluster = lab;
        operator = anOperator;
        witness = aWitness;
    }

    final void seedObject() throws IOException {
        accessLog = Admin.freePort();
        shared = Admin.freePort();
        witness.options("--share", cluster.outside() + ":" + shared);
        cluster.apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Seed
                metadata: {name: seed-1}
                spec: {provider: {type: local}}
                """);
    }

    /** All of it, and the processes have the rights that it gives; in place of its pods they run here. */
    final void installChart(String target, String more) throws IOException {
        namespace = Helm.NAMESPACE;
        Path values =
                Files.writeString(folder.resolve("values.yaml"), """
                seed: seed-1
                image: {repository: registry.example.org/moongate, tag: test}
                witness: {enabled: true, readers: [{namespaceSelector: {}}]}
                configuration:
                  target: %s
                  ownership: %s
                  evidence: {accessLogService: {port: %d}}
                  %s
                """.formatted(target, ownership, accessLog, more));
        cluster.kubectl("create", "namespace", namespace);
        cluster.apply(Helm.template(values));
        cluster.apply("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: moongate-witness-1, namespace: %s, labels: {kubernetes.io/service-name: moongate-witness}}
                addressType: IPv4
                ports: [{name: grpc-evidence, port: %d}]
                endpoints: [{addresses: ["%s"]}]
                """.formatted(namespace, accessLog, cluster.outside()));
        operator.rightsFromChart();
        witness.rightsFromChart();
    }

    final void configure(String target, String exemptions, String more) throws IOException {
        configure("UseUnifiedHTTPProxyPort: true", target, exemptions, more);
    }

    final void configure(String gates, String target, String exemptions, String more) throws IOException {
        for (OperatorProcess process : new OperatorProcess[] {operator, witness}) {
            process.configureWith("""
                    apiVersion: config.moongate.io/v1alpha1
                    kind: MoongateConfiguration
                    featureGates: {%s}
                    target: %s
                    ownership: %s
                    dashboard: {enabled: false}
                    removal: {pace: 1s, exemptions: [%s]}
                    evidence:
                      window: %s
                      retention: 1h
                      attach: %s
                      accessLogService: {enabled: true, address: 0.0.0.0, port: %d, service: moongate-witness.moongate-system}
                    %s
                    """.formatted(gates, target, ownership, exemptions, window, attach, accessLog, more));
        }
    }

    static Lab.Ended withErrors(String... command) throws Exception {
        var all = new ArrayList<>(List.of("sh", "-c", "\"$@\" 2>&1", "sh", launcher()));
        all.addAll(List.of(command));
        return Lab.ended(all.toArray(String[]::new));
    }

    static String launcher() {
        return System.getProperty("launcher");
    }

    final Lab.Ended moongate(String... command) throws Exception {
        var all = new String[command.length + 3];
        all[0] = launcher();
        System.arraycopy(command, 0, all, 1, command.length);
        all[command.length + 1] = "--admin";
        all[command.length + 2] = "http://127.0.0.1:" + witness.admin().port();
        return Lab.ended(all);
    }

    final String seedCondition() throws IOException {
        return cluster.kubectl(
                "get",
                "seed",
                "seed-1",
                "-o",
                "jsonpath={range .status.conditions[?(@.type==\"HTTPProxyLegacyPortRemovable\")]}{.status} {.reason} {.message}{end}");
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }
}
