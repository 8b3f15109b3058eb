package io.moongate.dataplane.testing;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.config.GatewaySettings.Access;
import io.moongate.model.config.GatewaySettings.Drain;
import io.moongate.model.config.GatewaySettings.Keepalive;
import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.config.GatewaySettings.Listener;
import io.moongate.model.config.GatewaySettings.Listeners;
import io.moongate.model.config.GatewaySettings.ProxyProtocol;
import io.moongate.model.config.TunnelLimit;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Route;
import io.moongate.model.plan.Upstreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gateway plans for tests, on loopback and on free ports; everything that is not set has the documented default. */
public final class Plans {
    private final Map<String, Route> routes = new HashMap<>();
    private final Map<ShootKey, List<Cidr>> access = new HashMap<>();
    private Listener unified = listener(ProxyProtocol.Mode.Disabled);
    private Listener legacy = listener(ProxyProtocol.Mode.Disabled);
    private Limits limits = limits(10_000, Duration.ofSeconds(5));
    private Keepalive keepalive = new Keepalive(Duration.ofSeconds(55), Duration.ofSeconds(55), 3);
    private Duration grace = Duration.ZERO;

    public static Listener listener(ProxyProtocol.Mode mode, String... trusted) {
        var ranges = new ArrayList<Cidr>();
        for (String range : trusted) {
            ranges.add(Cidr.parse(range));
        }
        return new Listener(0, List.of("127.0.0.1"), new ProxyProtocol(mode, ranges));
    }

    public static Listener closed() {
        return new Listener(0, List.of(), new ProxyProtocol(ProxyProtocol.Mode.Disabled, List.of()));
    }

    public static Limits limits(int headTimeoutMillis, Duration connectTimeout) {
        return new Limits(
                new TunnelLimit.Auto(),
                0,
                0,
                16384,
                Duration.ofMillis(headTimeoutMillis),
                connectTimeout,
                Duration.ofHours(24),
                Duration.ZERO);
    }

    public static String apiServer(String technicalId) {
        return new Destination(Server.KUBE_APISERVER, technicalId).headerValue();
    }

    public static ShootKey shoot(String technicalId) {
        return new ShootKey("garden-test", technicalId.substring(technicalId.lastIndexOf('-') + 1));
    }

    /** A shoot whose API server is at these ports of 127.0.0.1. */
    public Plans route(String technicalId, int... ports) {
        var endpoints = new ArrayList<HostPort>();
        for (int port : ports) {
            endpoints.add(new HostPort("127.0.0.1", port));
        }
        return route(technicalId, new Upstreams.Endpoints(endpoints));
    }

    public Plans route(String technicalId, Upstreams upstreams) {
        var destination = new Destination(Server.KUBE_APISERVER, technicalId);
        var route = new Route(shoot(technicalId), destination, upstreams);
        destination.headerValues().forEach(value -> routes.put(value, route));
        return this;
    }

    public Plans without(String technicalId) {
        new Destination(Server.KUBE_APISERVER, technicalId).headerValues().forEach(routes::remove);
        return this;
    }

    public Plans allow(String technicalId, String... ranges) {
        access.put(shoot(technicalId), List.of(ranges).stream().map(Cidr::parse).toList());
        return this;
    }

    public Plans unified(Listener listener) {
        unified = listener;
        return this;
    }

    public Plans legacy(Listener listener) {
        legacy = listener;
        return this;
    }

    public Plans limits(Limits all) {
        limits = all;
        return this;
    }

    public Plans keepalive(Keepalive value) {
        keepalive = value;
        return this;
    }

    public Plans grace(Duration value) {
        grace = value;
        return this;
    }

    public GatewayPlan build() {
        var entries = access.entrySet().stream()
                .map(e -> new Access(e.getKey(), e.getValue()))
                .toList();
        return new GatewayPlan(
                new GatewaySettings(new Listeners(unified, legacy), limits, keepalive, new Drain(grace), entries),
                routes,
                access);
    }
}
