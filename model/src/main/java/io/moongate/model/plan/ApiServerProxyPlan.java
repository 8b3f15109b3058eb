package io.moongate.model.plan;

import io.moongate.model.config.GatewaySettings.Keepalive;
import io.moongate.model.destination.Destination;

/** The API server proxy on each of a shoot's nodes. {@code advertisedIp} is what it listens on, port 443. */
public record ApiServerProxyPlan(
        ClientAddress dial, Destination destination, String advertisedIp, DnsFamily dnsFamily, Keepalive keepalive) {
    /** Which addresses of the gateway's name the proxy uses. */
    public enum DnsFamily {
        V4_ONLY,
        V6_ONLY
    }
}
