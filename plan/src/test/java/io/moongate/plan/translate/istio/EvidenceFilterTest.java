package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Tree.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.write.Trees;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.removal.LegacyPort;
import io.moongate.plan.evidence.Reach;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvidenceFilterTest {
    private static final IngressGateway GATEWAY =
            new IngressGateway("istio-ingress--a", "istio-ingressgateway", Map.of("istio", "ingressgateway"), true);

    private static ClusterObject filter(List<Entrance> entrances, Reach reach) {
        var configuration = DrainsTest.telling();
        var gateway = new GatewayPlan(configuration.gateway(), Map.of(), Map.of());
        var plan = new Plan(configuration, LegacyPort.Removed, gateway, List.of(GATEWAY), List.of(), List.of());
        return EvidenceFilter.of(plan, GATEWAY, entrances, reach);
    }

    /** All of it, so that whoever adds to it sees that it is no more than the access log. */
    @Test
    void addsTheAccessLogAndNothingElse() {
        assertThat(Trees.yaml(filter(List.of(Entrance.UNIFIED), Reach.ALL_PODS).tree()))
                .isEqualTo("""
                        apiVersion: networking.istio.io/v1alpha3
                        kind: EnvoyFilter
                        metadata:
                          name: moongate-evidence
                          namespace: istio-ingress--a
                          labels:
                            app.kubernetes.io/managed-by: moongate
                        spec:
                          workloadSelector:
                            labels:
                              istio: ingressgateway
                          configPatches:
                          - applyTo: NETWORK_FILTER
                            match:
                              context: GATEWAY
                              listener:
                                portNumber: 8443
                                filterChain:
                                  filter:
                                    name: envoy.filters.network.http_connection_manager
                            patch:
                              operation: MERGE
                              value:
                                name: envoy.filters.network.http_connection_manager
                                typed_config:
                                  '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                  access_log_options:
                                    flush_log_on_tunnel_successfully_established: true
                                    access_log_flush_interval: 10s
                                  access_log:
                                  - name: envoy.access_loggers.http_grpc
                                    typed_config:
                                      '@type': type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                                      common_config:
                                        log_name: moongate-unified
                                        transport_api_version: V3
                                        buffer_flush_interval: 1s
                                        grpc_service:
                                          envoy_grpc:
                                            cluster_name: outbound|18001||moongate-witness.moongate-system.svc.cluster.local
                                      additional_request_headers_to_log:
                                      - X-Gardener-Destination
                        """);
    }

    /** Whatever has become of the legacy port: a listener that is not there is nothing to Istio. */
    @Test
    void isForBothPortsOrOne() {
        ClusterObject both = filter(List.of(Entrance.values()), Reach.ALL_PODS);
        assertThat(EvidenceFilter.entrancesOf(both)).containsExactly(Entrance.UNIFIED, Entrance.LEGACY);
        assertThat(both.tree().toString()).contains("portNumber=8443", "portNumber=8132", "moongate-legacy");
        assertThat(EvidenceFilter.entrancesOf(filter(List.of(Entrance.LEGACY), Reach.ALL_PODS)))
                .containsExactly(Entrance.LEGACY);
    }

    @Test
    void itsSelectorNamesARevisionAndIsReadBack() {
        var revision = new Reach.Revision("5d9f8c7b6d");
        ClusterObject narrow = filter(List.of(Entrance.UNIFIED), revision);
        assertThat(narrow.tree().get("spec").toString())
                .contains("labels={istio=ingressgateway, pod-template-hash=5d9f8c7b6d}");
        assertThat(EvidenceFilter.reachOf(narrow)).isEqualTo(revision);
        assertThat(EvidenceFilter.reachOf(filter(List.of(Entrance.UNIFIED), Reach.ALL_PODS)))
                .isEqualTo(Reach.ALL_PODS);
    }

    @Test
    void anotherFilterThatReportsIsKnownByItsLogsName() {
        ClusterObject theirs = new ClusterObject(
                "networking.istio.io/v1alpha3",
                "EnvoyFilter",
                "istio-ingress--a",
                "http-proxy",
                map("spec", map("configPatches", List.of(map("value", map("log_name", "moongate-unified"))))));
        assertThat(EvidenceFilter.reports(theirs, Entrance.UNIFIED)).isTrue();
        assertThat(EvidenceFilter.reports(theirs, Entrance.LEGACY)).isFalse();
        assertThat(EvidenceFilter.listenerOf(GATEWAY, Entrance.UNIFIED)).hasToString(theirs.toString());
    }

    @Test
    void isKnownByItsNameInAnyNamespace() {
        assertThat(EvidenceFilter.is(new ObjectRef("EnvoyFilter", "a", "moongate-evidence")))
                .isTrue();
        assertThat(EvidenceFilter.is(new ObjectRef("EnvoyFilter", "a", "http-proxy")))
                .isFalse();
        assertThat(EvidenceFilter.is(new ObjectRef("Gateway", "a", "moongate-evidence")))
                .isFalse();
    }

    @Test
    void whatItDrainsNamesBothPorts() {
        assertThat(Drains.what(EvidenceFilter.placeIn("istio-ingress--a"), "appears", List.of("8443", "8132")))
                .isEqualTo(
                        "EnvoyFilter istio-ingress--a/moongate-evidence appears: drains all tunnels on ports 8443 and"
                                + " 8132 of gateway istio-ingress--a");
    }
}
