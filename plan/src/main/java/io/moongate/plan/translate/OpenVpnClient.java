package io.moongate.plan.translate;

import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.GeneratedFile.Content;
import io.moongate.model.plan.VpnClientPlan;

/**
 * The configuration of one OpenVPN client. Keys and certificates are read from the working directory under the names
 * that a mounted {@code kubernetes.io/tls} Secret gives them, so that the file holds no secret and no path.
 */
final class OpenVpnClient {
    private OpenVpnClient() {}

    static Content translate(ShootKey shoot, VpnClientPlan vpn) {
        var dial = vpn.dial();
        var destination = vpn.destination();
        return new Content.Text("""
                # Written by Moongate for shoot %s; edits are overwritten.
                # Start with: openvpn --cd <folder with ca.crt, tls.crt and tls.key> --config <this file>
                client
                dev tun
                proto tcp-client
                nobind
                # Dialled by nobody: the proxy below chooses the server by the header alone.
                remote %s %d
                http-proxy %s %d
                http-proxy-option CUSTOM-HEADER %s "%s"
                # A proxy that does not answer, and a server that is gone, are noticed and left soon.
                http-proxy-timeout 10
                connect-retry 1 10
                connect-timeout 10
                resolv-retry infinite
                keepalive 10 30
                persist-tun
                tcp-nodelay
                remote-cert-tls server
                tls-version-min 1.2
                data-ciphers AES-256-GCM
                auth SHA256
                auth-nocache
                ca ca.crt
                cert tls.crt
                key tls.key
                verb 3
                """.formatted(
                        shoot,
                        destination.dnsName(),
                        destination.server().port(),
                        dial.host(),
                        dial.port(),
                        dial.entrance().header(),
                        destination.headerValue()));
    }
}
