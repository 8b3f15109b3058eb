package io.moongate.plan.translate.shoot;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.file.OutputFolder;
import io.moongate.manifest.write.Trees;
import io.moongate.model.config.ComponentSettings;
import io.moongate.model.config.ComponentSettings.VpnClient.BondingMode;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.SeedNetworks;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.plan.ClientAddress;
import io.moongate.model.plan.GardenerVpn;
import io.moongate.model.plan.GeneratedFile;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.plan.VpnClientPlan;
import io.moongate.plan.translate.ShootFiles;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The VPN client for a server that wants certificates alone, and for one of Gardener's form. */
class VpnClientTest {
    private static final GardenerVpn GARDENER =
            new GardenerVpn(List.of(), SeedNetworks.UNKNOWN, ShootNetworks.UNKNOWN, 1, BondingMode.ActiveBackup);

    @Test
    void withoutASharedKeyNothingIsOfGardenersForm() {
        var shoot = shoot(Optional.empty());
        assertThat(ShootFiles.of(shoot)).extracting(GeneratedFile::path).containsExactly("shoot--a--b/vpn-client.ovpn");
        assertThat(text(shoot, 0))
                .contains("\ndev tun\nproto tcp-client\n", "\ncert tls.crt\nkey tls.key\nverb 3\n")
                .doesNotContain("tls-auth", "script-security", "\nup ", "tun-mtu");
        assertThat(workload(shoot, ""))
                .contains("- --dev\n        - tun0\n        - --dev-type\n        - tun\n")
                .contains("secretName: certificates")
                .doesNotContain("initContainers", "projected", "privileged");
    }

    @Test
    void withASharedKeyTheClientSpeaksFirstWithIt() {
        var shoot = shoot(Optional.of(GARDENER));
        assertThat(ShootFiles.of(shoot))
                .extracting(GeneratedFile::path)
                .containsExactly("shoot--a--b/vpn-client.ovpn", "shoot--a--b/vpn-setup.sh");
        assertThat(text(shoot, 0))
                .contains("\ntls-auth vpn.tlsauth 1\n", "\nauth SHA256\n", "\ndata-ciphers AES-256-GCM\n")
                .contains("\nremote-cert-tls server\n", "\ndev tun0\n", "\nproto tcp4-client\n");
        assertThat(workload(shoot, "shared"))
                .contains("name: certificates", "name: shared", "key: vpn.tlsauth", "initContainers")
                .doesNotContain("--dev");
    }

    @Test
    void aMoveKeepsTheForm() {
        var moved = shoot(Optional.of(GARDENER)).using(Entrance.UNIFIED, 8443);
        assertThat(text(moved, 0)).contains("tls-auth", "X-Gardener-Destination");
    }

    @Test
    void theBondHasTheModeOfTheSeeds() {
        assertThat(setup(BondingMode.ActiveBackup))
                .contains("type bond mode active-backup ", "ip link set bond0 type bond primary tap0\n");
        assertThat(setup(BondingMode.RoundRobin))
                .contains("type bond mode balance-rr miimon 100\n")
                .doesNotContain("primary");
    }

    private static String setup(BondingMode mode) {
        var vpn = new GardenerVpn(List.of(), SeedNetworks.UNKNOWN, ShootNetworks.UNKNOWN, 2, mode);
        return text(shoot(Optional.of(vpn)), 1);
    }

    private static ShootPlan shoot(Optional<GardenerVpn> gardener) {
        var dial = new ClientAddress("api.example.org.", 8132, Entrance.LEGACY);
        return new ShootPlan(
                new ShootKey("garden-a", "b"),
                "shoot--a--b",
                Entrance.LEGACY,
                List.of(new VpnClientPlan(dial, new Destination(Server.VPN, "shoot--a--b"), 0, gardener)),
                Optional.empty());
    }

    private static String text(ShootPlan shoot, int file) {
        return OutputFolder.render(ShootFiles.of(shoot).get(file));
    }

    private static String workload(ShootPlan shoot, String tlsAuthSecret) {
        var settings = new ComponentSettings(
                new ComponentSettings.VpnClient("vpn", "certificates", tlsAuthSecret, BondingMode.ActiveBackup),
                new ComponentSettings.ApiServerProxy("", ""),
                "");
        return ShootObjects.of(shoot, settings, OutputFolder::render).all().stream()
                .filter(object -> object.kind().equals("Deployment"))
                .map(object -> Trees.yaml(object.tree()))
                .findFirst()
                .orElseThrow();
    }
}
