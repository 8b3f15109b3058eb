package io.moongate.plan.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Advice;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** DestinationRules of another owner in the place of ours: what they do to tunnels. */
class ServerRuleTest {
    private static final String HOST = "host: vpn-seed-server.shoot--foo--bar.svc.cluster.local, ";
    private static final ClusterObject PLANNED = new ClusterObject(
            "networking.istio.io/v1beta1",
            "DestinationRule",
            "shoot--foo--bar",
            "vpn-seed-server",
            tree("{spec: {" + HOST
                    + "trafficPolicy: {connectionPool: {tcp: {maxConnections: 5000}}, tls: {mode: DISABLE}}}}"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                HOST + "exportTo: ['*'], trafficPolicy: {connectionPool: {tcp: {maxConnections: 5000}},"
                        + " tls: {mode: DISABLE}, outlierDetection: {}}",
                HOST,
                "host: vpn-seed-server",
                "host: '*.shoot--foo--bar.svc.cluster.local'",
                HOST + "trafficPolicy: {connectionPool: {tcp: {maxConnections: 0}}}",
                HOST + "trafficPolicy: {tls: {mode: ISTIO_MUTUAL},"
                        + " portLevelSettings: [{port: {number: 1194}, tls: {mode: DISABLE}}]}",
                HOST + "trafficPolicy: {portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]}",
            })
    void anotherSpellingIsNothingToTell(String spec) {
        assertThat(judged(spec).missing()).isEmpty();
        assertThat(judged(spec).advice()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: '*', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}",
                HOST + "trafficPolicy: {portLevelSettings: [{port: {number: 1194}, tls: {mode: SIMPLE}}]}",
                HOST + "trafficPolicy: {proxyProtocol: {version: V1}}",
            })
    void whatTheServerDoesNotUnderstandIsMissing(String spec) {
        assertThat(judged(spec).missing()).singleElement().asString().contains("the server, which does not understand");
    }

    @Test
    void whatIsWeakerIsAdvice() {
        Served fewer = judged(HOST + "trafficPolicy: {connectionPool: {tcp: {maxConnections: 100}}}");
        assertThat(fewer.missing()).isEmpty();
        assertThat(fewer.advice())
                .singleElement()
                .matches(advice -> advice.code() == Advice.Code.WEAKER_THAN_PLANNED
                        && advice.message().contains("100 connections to the server, and 5000 are planned"));
        assertThat(judged("host: his.example.org, trafficPolicy: {tls: {mode: SIMPLE}}")
                        .advice())
                .singleElement()
                .matches(advice -> advice.message().contains("'his.example.org'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exportTo: ['.']", "workloadSelector: {matchLabels: {app: a}}"})
    void whatMayBeForOthersCannotBeJudged(String whom) {
        Served served = judged(HOST + whom + ", trafficPolicy: {tls: {mode: SIMPLE}}");
        assertThat(served.missing()).isEmpty();
        assertThat(served.advice()).singleElement().matches(advice -> advice.code() == Advice.Code.CANNOT_BE_JUDGED);
    }

    private static Served judged(String spec) {
        return ServerRule.of(PLANNED, tree("{spec: {" + spec + "}}"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(String yaml) {
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }
}
