package io.moongate.model.config;

import java.util.List;

/** What the shoots' components are made of, where the operator manages them. */
public record ComponentSettings(
        @Parameter(doc = "The VPN client.") VpnClient vpnClient,

        @Parameter(doc = "The API server proxy.") ApiServerProxy apiServerProxy,

        @Parameter(
                value = "\"\"",
                doc =
                        "Image with `moongate` as its entry point, for the probe of the unified port in a shoot. With `tlsAuthSecret` and an HA VPN it also keeps the ways back to the seed, and needs `ip` of iproute2.")
        String probeImage) {

    public record VpnClient(
            @Parameter(value = "\"\"", doc = "Image with OpenVPN 2.6 or newer and `test`.")
            String image,

            @Parameter(
                    value = "vpn-shoot-client",
                    doc =
                            "Secret in the shoot's kube-system with `ca.crt`, `tls.crt` and `tls.key`; it is only mounted.")
            String secret,

            @Parameter(
                    value = "\"\"",
                    doc =
                            "For a VPN server of Gardener's form: Secret in the shoot's kube-system with the key that both sides share, `vpn.tlsauth`; it is only mounted. The image needs `sh`, `ip` of iproute2, `iptables` and `ip6tables`, too. With `moongate run` any name; the key is the file `vpn.tlsauth` beside `tls.key`.")
            String tlsAuthSecret,

            @Parameter(
                    value = "ActiveBackup",
                    doc =
                            "With `tlsAuthSecret` and an HA VPN: how the shoot's bond uses its devices. It must be the mode of the seed's bonds, else half of the packets are lost. gardenlet's gate `VPNBondingModeRoundRobin` makes it `RoundRobin` there.")
            BondingMode bondingMode) {
        /** Of a bond over one device for each VPN server. */
        public enum BondingMode {
            ActiveBackup,
            RoundRobin
        }

        /** Whether the VPN servers are as Gardener deploys them. */
        public boolean forGardener() {
            return !tlsAuthSecret.isEmpty();
        }
    }

    public record ApiServerProxy(
            @Parameter(value = "\"\"", doc = "Image with Envoy as `envoy`.")
            String image,

            @Parameter(
                    value = "\"\"",
                    doc = "Image with `sh` and `ip`, which puts the advertised address on an interface of its own.")
            String addressImage) {}

    /** The keys without which components cannot be managed. */
    public List<String> missing() {
        return java.util.stream.Stream.of(
                        vpnClient.image().isEmpty() ? "components.vpnClient.image" : "",
                        apiServerProxy.image().isEmpty() ? "components.apiServerProxy.image" : "",
                        apiServerProxy.addressImage().isEmpty() ? "components.apiServerProxy.addressImage" : "",
                        probeImage.isEmpty() ? "components.probeImage" : "")
                .filter(key -> !key.isEmpty())
                .toList();
    }
}
