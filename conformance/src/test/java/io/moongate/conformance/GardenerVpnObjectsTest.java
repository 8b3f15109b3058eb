package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.Cluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real API server takes the objects of VPN clients for servers of Gardener's form as they are. */
class GardenerVpnObjectsTest {
    private static final Path CASE = Path.of("../plan/src/test/cases/gardener-vpn/objects");

    @TempDir
    Path folder;

    @Test
    void withAndWithoutHa() throws Exception {
        try (var cluster = new Cluster(folder)) {
            for (String shoot : new String[] {"plain", "ha", "ha-apart", "six", "six-single"}) {
                assertThat(cluster.kubectl(
                                "apply",
                                "--server-side",
                                "--dry-run=server",
                                "--validate=strict",
                                "-f",
                                CASE.resolve("shoot--foo--" + shoot + ".yaml").toString()))
                        .as(shoot)
                        .contains("configmap/vpn-shoot-", "/vpn-shoot serverside-applied");
            }
        }
    }
}
