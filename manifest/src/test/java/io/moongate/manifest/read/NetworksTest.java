package io.moongate.manifest.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.write.ManifestWriter;
import io.moongate.model.landscape.SeedNetworks;
import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.net.Cidr;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Address ranges of shoots and seeds. */
class NetworksTest {
    private static final String SHOOT = """
            apiVersion: core.gardener.cloud/v1beta1
            kind: Shoot
            metadata: {name: a, namespace: garden-a}
            """;

    private static final String SEED = """
            apiVersion: core.gardener.cloud/v1beta1
            kind: Seed
            metadata: {name: s}
            """;

    @Test
    void theStatusIsStrongerThanTheSpec() {
        assertThat(networks("""
                        spec: {networking: {pods: 192.0.2.0/24, services: 100.64.0.0/13}}
                        status: {networking: {pods: [100.96.0.0/11, "2001:db8:1::/48"]}}
                        """))
                .satisfies(n -> assertThat(n.pods())
                        .containsExactly(Cidr.parse("100.96.0.0/11"), Cidr.parse("2001:db8:1::/48")))
                .satisfies(n -> assertThat(n.services()).containsExactly(Cidr.parse("100.64.0.0/13")))
                .satisfies(n -> assertThat(n.nodes()).isEmpty());
    }

    /** The text goes into a script that runs as root. */
    @Test
    void whatIsNoRangeIsLeftOut() {
        assertThat(networks("spec: {networking: {pods: \"10.0.0.0/8; reboot\", nodes: 10.250.0.0/33, services: \"\"}}"))
                .isEqualTo(ShootNetworks.UNKNOWN);
        assertThat(seed("spec: {networks: {pods: 10.0.0.0, vpn: x}}").networks())
                .isEqualTo(new SeedNetworks(Optional.of(Cidr.parse("10.0.0.0/32")), Optional.empty()));
    }

    @Test
    void theyAreReadBackAsTheyWereWritten() {
        for (String manifest : new String[] {
            SHOOT + "status: {networking: {pods: [100.96.0.0/11], nodes: [\"2001:db8::/32\"]}}",
            SEED + "spec: {networks: {pods: 10.1.0.0/16, vpn: \"fd8f:6d53:b97a:1::/96\"}}"
        }) {
            Manifest read = ManifestReader.read("in.yaml", manifest).good().getFirst();
            assertThat(ManifestReader.read("again", ManifestWriter.tree(read)).good())
                    .as(manifest)
                    .extracting(NetworksTest::networksOf)
                    .containsExactly(networksOf(read))
                    .doesNotContain(ShootNetworks.UNKNOWN, SeedNetworks.UNKNOWN);
        }
    }

    private static Object networksOf(Manifest manifest) {
        return switch (manifest) {
            case Manifest.OfShoot shoot -> shoot.shoot().networks();
            case Manifest.OfSeed seed -> seed.seed().networks();
            default -> throw new AssertionError(manifest);
        };
    }

    private static ShootNetworks networks(String rest) {
        Manifest read = ManifestReader.read("in.yaml", SHOOT + rest).good().getFirst();
        return ((Manifest.OfShoot) read).shoot().networks();
    }

    private static io.moongate.model.landscape.Seed seed(String rest) {
        Manifest read = ManifestReader.read("in.yaml", SEED + rest).good().getFirst();
        return ((Manifest.OfSeed) read).seed();
    }
}
