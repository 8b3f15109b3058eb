package io.moongate.conformance.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes an object of the words that the readers know, and of some that they do not know. */
final class ObjectMaker {
    private static final List<String> KINDS = List.of(
            "Shoot", "Seed", "Service", "EndpointSlice", "MoongateConfiguration", "List", "ShootList", "ConfigMap");
    private static final List<String> VERSIONS = List.of(
            "",
            "v1",
            "core.gardener.cloud/v1beta1",
            "discovery.k8s.io/v1",
            "config.moongate.io/v1alpha1",
            "core.gardener.cloud/v1");
    private static final List<String> KEYS = List.of(
            // all kinds
            "metadata",
            "name",
            "namespace",
            "annotations",
            "labels",
            "deletionTimestamp",
            "spec",
            "status",
            "items",
            // Shoot and Seed
            "seedName",
            "provider",
            "workers",
            "controlPlane",
            "highAvailability",
            "dns",
            "domain",
            "providers",
            "type",
            "networking",
            "ipFamilies",
            "purpose",
            "hibernation",
            "enabled",
            "technicalID",
            "hibernated",
            "advertisedAddresses",
            "url",
            "lastOperation",
            "state",
            "lastErrors",
            "codes",
            "conditions",
            "constraints",
            "lastTransitionTime",
            "lastUpdateTime",
            "reason",
            "message",
            "settings",
            "loadBalancerServices",
            "proxyProtocol",
            "allowed",
            "zones",
            "alpha.control-plane.shoot.gardener.cloud/high-availability-vpn",
            "moongate.io/unified-http-proxy-port",
            "shoot.gardener.cloud/ignore",
            // Service and EndpointSlice
            "clusterIP",
            "clusterIPs",
            "ports",
            "port",
            "protocol",
            "selector",
            "addressType",
            "endpoints",
            "addresses",
            "ready",
            "serving",
            "targetRef",
            "kind",
            "kubernetes.io/service-name",
            // MoongateConfiguration
            "featureGates",
            "gateway",
            "limits",
            "listeners",
            "unified",
            "legacy",
            "mode",
            "trustedCIDRs",
            "access",
            "shoot",
            "allow",
            "drain",
            "grace",
            "headTimeout",
            "maxTunnels");
    private static final List<Object> VALUES = List.of(
            "",
            "a",
            "true",
            "null",
            "~",
            "1",
            "-1",
            "1e9",
            "0x10",
            "shoot--foo--bar",
            "kube-system",
            "garden-foo/bar",
            "10.0.0.1",
            "fd00::1",
            "::ffff:1.2.3.4",
            "localhost",
            "None",
            "IPv4",
            "IPv6",
            "FQDN",
            "UDP",
            "TCP",
            "Pod",
            "Succeeded",
            "Migrate",
            "Delete",
            "Failed",
            "ERR_INFRA_UNAUTHORIZED",
            "unmanaged",
            "enabled",
            "disabled",
            "https://a.example",
            "2026-02-30T00:00:00Z",
            "2026-02-28T00:00:00Z",
            "ShootUsesUnifiedHTTPProxyPort",
            "UsesUnifiedHTTPProxyPort",
            "True",
            "Strict",
            "10.0.0.0/8",
            "10s",
            "99999999999999999999s",
            "auto",
            0,
            1,
            -1,
            443,
            65_535,
            65_536,
            Integer.MAX_VALUE,
            Long.MIN_VALUE,
            true,
            false,
            "a\nb",
            "\u0000",
            "\u2028");
    /** Deeper than any limit of a reader. */
    private static final int DEEP = 4000;

    private final Bytes bytes;
    private boolean deep;

    ObjectMaker(Bytes bytes) {
        this.bytes = bytes;
    }

    /** Whether it is deeper than text may be. */
    boolean isDeep() {
        return deep;
    }

    Map<String, Object> object() {
        var object = new LinkedHashMap<String, Object>();
        object.put("kind", bytes.pick(KINDS));
        object.put("apiVersion", bytes.pick(VERSIONS));
        if (object.get("apiVersion").equals("")) {
            object.remove("apiVersion");
        }
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", "a");
        object.put("metadata", metadata);
        fill(metadata, 1);
        while (!bytes.isEmpty()) {
            object.put(bytes.pick(KEYS), value(1));
        }
        return object;
    }

    private void fill(Map<String, Object> map, int depth) {
        int fields = bytes.next() % 6;
        for (int i = 0; i < fields; i++) {
            map.put(bytes.pick(KEYS), value(depth + 1));
        }
    }

    private Object value(int depth) {
        int kind = depth > 12 ? 7 : bytes.next() % 16;
        return switch (kind) {
            case 0, 1, 2 -> {
                var map = new LinkedHashMap<String, Object>();
                fill(map, depth);
                yield map;
            }
            case 3, 4, 5 -> {
                var list = new ArrayList<Object>();
                int items = bytes.next() % 4;
                for (int i = 0; i < items; i++) {
                    list.add(value(depth + 1));
                }
                yield list;
            }
            case 6 -> new String(bytes.take(bytes.next() % 16), StandardCharsets.UTF_8);
            case 15 -> nested(bytes.next() * DEEP / 255);
            default -> bytes.pick(VALUES);
        };
    }

    private Object nested(int levels) {
        deep |= levels > 50;
        Object value = "bottom";
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("spec", value);
        }
        return value;
    }
}
