package io.moongate.model.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every form of a header's value that GEP-30 documents names its shoot, for evidence as for the gateway. */
class DestinationTest {
    @ParameterizedTest
    @CsvSource({
        "outbound|443||kube-apiserver.shoot--foo--bar.svc.cluster.local,        shoot--foo--bar",
        "outbound|443||kube-apiserver.shoot-foo.svc.cluster.local,              shoot-foo",
        "outbound|1194||vpn-seed-server.shoot--foo--bar.svc.cluster.local,      shoot--foo--bar",
        "outbound|1194||vpn-seed-server-0.shoot--foo--bar.svc.cluster.local,    shoot--foo--bar",
        "outbound|1194||vpn-seed-server-4.shoot-foo.svc.cluster.local,          shoot-foo",
        "shoot--foo--bar--kube-apiserver-socket,                                shoot--foo--bar",
        "shoot-foo--kube-apiserver-socket,                                      shoot-foo",
    })
    void namesItsShoot(String value, String id) {
        assertThat(Destination.technicalIdOf(value)).contains(id);
    }

    @ParameterizedTest
    @CsvSource({
        "--kube-apiserver-socket",
        "outbound|1194||vpn-seed-server-5.shoot--foo--bar.svc.cluster.local",
        "outbound|443||kube-apiserver.shoot--foo--bar.svc.cluster.local.",
        "outbound|443||etcd.shoot--foo--bar.svc.cluster.local",
        "outbound|1194||kube-apiserver.shoot--foo--bar.svc.cluster.local",
        "inbound|443||kube-apiserver.shoot--foo--bar.svc.cluster.local",
        "''",
        "garden-foo/bar",
    })
    void anythingElseNamesNone(String value) {
        assertThat(Destination.technicalIdOf(value)).isEqualTo(Optional.empty());
    }
}
