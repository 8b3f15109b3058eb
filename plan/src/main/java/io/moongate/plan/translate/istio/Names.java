package io.moongate.plan.translate.istio;

import io.moongate.model.destination.Entrance;

/**
 * What upstream calls the objects of one entrance.
 *
 * @param gateway the Istio Gateway that opens the port
 * @param port the Service's port
 * @param listener the EnvoyFilter with what is constant
 * @param routes the EnvoyFilter with the redirect for whatever has no route, to which the routes' own are added; for the
 *     unified entrance it is the listener's
 * @param proxyProtocol the EnvoyFilter for PROXY headers
 */
record Names(String gateway, String port, String listener, String routes, String proxyProtocol) {
    private static final Names UNIFIED =
            new Names("http-proxy", "http-proxy", "http-proxy", "http-proxy", "proxy-protocol-http-proxy");
    private static final Names LEGACY =
            new Names("http-connect", "tls-tunnel", "http-connect-listener", "reversed-vpn", "proxy-protocol-vpn");

    static Names of(Entrance entrance) {
        return entrance == Entrance.UNIFIED ? UNIFIED : LEGACY;
    }

    /** The EnvoyFilter with a share of the routes. */
    String share(String bits) {
        return routes + "-routes-" + bits;
    }
}
