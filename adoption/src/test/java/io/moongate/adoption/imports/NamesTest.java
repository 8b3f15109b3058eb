package io.moongate.adoption.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.adoption.imports.LogLine.Leads;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Entrance;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a tunnel leads, through which port, and when: in all the ways in which logs say it. */
class NamesTest {
    private static final Port LEGACY = new Port.Of(Entrance.LEGACY);
    private static final Port UNIFIED = new Port.Of(Entrance.UNIFIED);

    @ParameterizedTest
    @CsvSource(textBlock = """
            outbound|1194||vpn-seed-server.shoot--foo--one.svc.cluster.local,    VPN,            shoot--foo--one
            outbound|1194||vpn-seed-server-0.shoot--foo--one.svc.cluster.local,  VPN_0,          shoot--foo--one
            outbound|1194||vpn-seed-server-4.shoot--foo--one.svc.cluster.local,  VPN_4,          shoot--foo--one
            outbound_.1194_._.vpn-seed-server-2.shoot-old.svc.cluster.local,     VPN_2,          shoot-old
            outbound_.443_._.kube-apiserver.shoot-old.svc.cluster.local,         KUBE_APISERVER, shoot-old
            outbound|443||kube-apiserver.shoot--a--b-c.svc.cluster.local;,       KUBE_APISERVER, shoot--a--b-c
            shoot--foo--one--kube-apiserver-socket,                              KUBE_APISERVER, shoot--foo--one
            shoot-old--kube-apiserver-socket,                                    KUBE_APISERVER, shoot-old
            """)
    void allNamesOfAControlPlanesServers(String value, Destination.Server server, String namespace) {
        assertThat(Destinations.parse(value)).contains(new Destination(server, namespace));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            outbound|1194||vpn-seed-server-5.shoot--foo--one.svc.cluster.local
            outbound|443||vpn-seed-server.shoot--foo--one.svc.cluster.local
            outbound|443|v2|kube-apiserver.shoot--foo--one.svc.cluster.local
            outbound|443||kube-apiserver.shoot--fo
            Outbound|443||kube-apiserver.shoot--foo--one.svc.cluster.local
            --kube-apiserver-socket
            """)
    void whatIsNoneOrWasCutIsNotKnown(String value) {
        assertThat(Destinations.parse(value)).isEmpty();
        assertThat(Destinations.of(values(Field.CLUSTER, value), LEGACY)).isEqualTo(new Leads.Unknown());
    }

    @Test
    void aClusterOfSomethingElseLeadsElsewhere() {
        assertThat(Destinations.of(values(Field.CLUSTER, "outbound|80||web.shop.svc.cluster.local"), LEGACY))
                .isEqualTo(new Leads.Elsewhere());
    }

    @Test
    void thePortsOwnHeaderComesBeforeTheOther() {
        var line = new Values.Builder();
        line.put(Field.UNIFIED_HEADER, SampleLines.API);
        line.put(Field.LEGACY_HEADER, SampleLines.VPN);
        Values values = line.build(TimeFormat.RFC_3339);
        assertThat(Destinations.of(values, LEGACY))
                .hasToString(Destinations.of(values(Field.CLUSTER, SampleLines.VPN), LEGACY)
                        .toString());
        assertThat(Destinations.of(values, UNIFIED))
                .hasToString(Destinations.of(values(Field.CLUSTER, SampleLines.API), LEGACY)
                        .toString());
    }

    @Test
    void thePortIsThatOfTheLocalAddressAsItIsSaid() {
        var ports = new Ports(Map.of(18132, LEGACY, 15008, new Port.Other()), Optional.of(Entrance.UNIFIED));
        assertThat(ports.of(values(Field.LOCAL_ADDRESS, "10.0.0.1:8132"))).isEqualTo(LEGACY);
        assertThat(ports.of(values(Field.LOCAL_ADDRESS, "[2001:db8::1]:18132"))).isEqualTo(LEGACY);
        assertThat(ports.of(values(Field.LOCAL_ADDRESS, "10.0.0.1:15008"))).isEqualTo(new Port.Other());
        assertThat(ports.of(values(Field.LOCAL_ADDRESS, "10.0.0.1:28132")))
                .as("the word about logs without a port is not one about this port")
                .isEqualTo(new Port.Unknown("28132"));
        assertThat(ports.of(values(Field.LISTENER, "moongate-legacy"))).isEqualTo(LEGACY);
        assertThat(ports.of(values(Field.LISTENER, "legacy"))).isEqualTo(LEGACY);
        assertThat(ports.of(values(Field.LISTENER, "0.0.0.0_8132"))).isEqualTo(LEGACY);
        assertThat(ports.of(values(Field.LOCAL_PORT, "8132"))).isEqualTo(LEGACY);
        assertThat(ports.of(values(Field.CLUSTER, SampleLines.VPN))).isEqualTo(UNIFIED);
    }

    @Test
    void oneHeaderAloneNamesThePortIfBothAreLogged() {
        var ports = new Ports(Map.of(), Optional.empty());
        var line = new Values.Builder();
        line.put(Field.LEGACY_HEADER, SampleLines.VPN);
        assertThat(ports.of(line.build(TimeFormat.RFC_3339))).isEqualTo(new Port.Unknown(""));
        line.put(Field.UNIFIED_HEADER, "-");
        assertThat(ports.of(line.build(TimeFormat.RFC_3339))).isEqualTo(LEGACY);
        line.put(Field.UNIFIED_HEADER, SampleLines.VPN);
        assertThat(ports.of(line.build(TimeFormat.RFC_3339)))
                .as("API server proxies send both to either port")
                .isEqualTo(new Port.Unknown(""));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',                          2026-08-03T10:00:00.25Z
            '',                          2026-08-03T12:00:00.25+02:00
            %s.%3f,                      1785751200.250
            %s%6f,                       1785751200250000
            %Y-%m-%dT%H:%M:%E3SZ,        2026-08-03T10:00:00.250Z
            %F %T.%2f,                   2026-08-03 10:00:00.25
            %d/%b/%Y:%H:%M:%E*S %z,      03/Aug/2026:12:00:00.25 +0200
            """)
    void timesAsFormatsWriteThem(String format, String text) {
        assertThat(TimeFormat.of(format).parse(text)).contains(Instant.parse(SampleLines.START));
        assertThat(TimeFormat.of(format).parse("x" + text)).isEmpty();
        assertThat(TimeFormat.of(format).parse("")).isEmpty();
    }

    private static Values values(Field field, String value) {
        var line = new Values.Builder();
        line.put(field, value);
        return line.build(TimeFormat.RFC_3339);
    }
}
