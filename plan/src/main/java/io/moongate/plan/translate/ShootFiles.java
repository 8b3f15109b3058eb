package io.moongate.plan.translate;

import io.moongate.model.plan.GeneratedFile;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.plan.VpnClientPlan;
import java.util.ArrayList;
import java.util.List;

/** All files for the shoots' own components: a folder per technical ID. */
public final class ShootFiles {
    /** Among a shoot's files, where its VPN servers are of Gardener's form. */
    public static final String VPN_SETUP = "vpn-setup.sh";

    private ShootFiles() {}

    public static List<GeneratedFile> of(Plan plan) {
        return plan.shoots().stream().flatMap(shoot -> of(shoot).stream()).toList();
    }

    public static List<GeneratedFile> of(ShootPlan shoot) {
        var files = new ArrayList<GeneratedFile>();
        for (VpnClientPlan vpn : shoot.vpnClients()) {
            String member = vpn.destination().server().service().substring("vpn-seed-server".length());
            files.add(new GeneratedFile(
                    shoot.technicalId() + "/vpn-client" + member + ".ovpn",
                    OpenVpnClient.translate(shoot.shoot(), vpn)));
        }
        shoot.vpnClients().stream()
                .flatMap(vpn -> vpn.gardener().stream())
                .findFirst()
                .ifPresent(gardener -> files.add(new GeneratedFile(
                        shoot.technicalId() + "/" + VPN_SETUP, VpnClientSetup.translate(shoot.shoot(), gardener))));
        shoot.apiServerProxy()
                .ifPresent(proxy -> files.add(new GeneratedFile(
                        shoot.technicalId() + "/apiserver-proxy.yaml",
                        ApiServerProxyBootstrap.translate(shoot.shoot(), proxy))));
        return files;
    }
}
